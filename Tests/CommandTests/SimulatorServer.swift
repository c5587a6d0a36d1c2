import Foundation
import Timeline

/// `ttft simulate` as a process of its own, with a send log to hold a measurement against.
final class SimulatorServer {
    let url: String
    let log: URL
    private let process: Process
    private let folder: TemporaryFolder
    private let input: Pipe?

    /// Starts the simulator on a free port, with further arguments such as `--ttft-ms 40`.
    convenience init(_ arguments: String...) throws {
        try self.init(arguments: arguments, scripts: nil)
    }

    /// Starts the simulator with scripts of its own, each served under `url(of:)`.
    convenience init(scripts: [String: StreamScript]) throws {
        try self.init(arguments: ["--scripts-from-input"], scripts: scripts)
    }

    private init(arguments: [String], scripts: [String: StreamScript]?) throws {
        folder = try TemporaryFolder()
        log = folder.file("sends.jsonl")
        let pipe = Pipe()
        process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.path)
        process.arguments = ["simulate", "--port", "0", "--log", log.path] + arguments
        input = scripts == nil ? nil : Pipe()
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = pipe
        try process.run()
        if let scripts, let input {
            try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(scripts) + Data("\n".utf8))
        }
        var line = Data()
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line.append(byte)
        }
        guard let address = String(decoding: line, as: UTF8.self).split(separator: " ").last else {
            throw CocoaError(.executableLoad)
        }
        url = String(address)
    }

    /// Where the script of that name is served, as a scenario's `base_url`.
    func url(of name: String) -> String { "\(url)/\(name)/v1" }

    /// Sends the simulator a signal such as `SIGSTOP`.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The log's lines as JSON objects.
    func entries() throws -> [[String: Any]] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// Stops the simulator and waits until its log is complete.
    func stop() {
        guard process.isRunning else { return }
        // With scripts of its own it ends when its input does.
        if let input { try? input.fileHandleForWriting.close() } else { process.terminate() }
        process.waitUntilExit()
    }

    deinit { stop() }
}
