/// Why a simulated server cannot be made or started.
package enum SimulatorError: Error, Equatable, CustomStringConvertible {
    case noScripts
    case unknownFault(name: String, target: String)
    case unknownAPI(name: String, target: String)
    case invalidHost(String)
    case cannotBind(host: String, port: UInt16, reason: String)
    case cannotOpenLog(path: String, reason: String)
    case systemCallFailed(call: String, reason: String)

    package var description: String {
        switch self {
        case .noScripts:
            "the simulator was given no script: name at least one target that it shall play"
        case .unknownFault(let name, let target):
            "target '\(target)': no fault is called '\(name)'; known are \(Fault.allNames)"
        case .unknownAPI(let name, let target):
            "target '\(target)': the simulator speaks no '\(name)'; it speaks \(Interfaces.names.joined(separator: ", "))"
        case .invalidHost(let host):
            "'\(host)' is no address that the simulator serves; use 127.0.0.1 or ::1"
        case .cannotBind(let host, let port, let reason):
            "the simulator cannot listen on \(host) port \(port): \(reason); port 0 takes any free one"
        case .cannotOpenLog(let path, let reason):
            "the simulator cannot write its send log '\(path)': \(reason)"
        case .systemCallFailed(let call, let reason):
            "the simulator's \(call) failed: \(reason)"
        }
    }
}
