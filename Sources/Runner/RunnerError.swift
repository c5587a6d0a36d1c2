/// Why a run could not be prepared.
package enum RunnerError: Error, Equatable, CustomStringConvertible {
    case unknownAPI(String, target: String)
    case cannotSign(target: String)

    package var description: String {
        switch self {
        case .unknownAPI(let api, let target): "target '\(target)': no dialect is called '\(api)'"
        case .cannotSign(let target):
            "target '\(target)': signing needs libcrypto, which is not there; install OpenSSL's libssl3, or use a key"
        }
    }
}
