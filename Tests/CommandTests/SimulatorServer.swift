import Foundation

/// `ttft simulate` as a process of its own, with a send log to hold a measurement against.
final class SimulatorServer {
    let url: String
    let log: URL
    private let process: Process
    private let folder: TemporaryFolder

    /// Starts the simulator on a free port, with further arguments such as `--ttft-ms 40`.
    init(_ arguments: String...) throws {
        folder = try TemporaryFolder()
        log = folder.file("sends.jsonl")
        let pipe = Pipe()
        process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.path)
        process.arguments = ["simulate", "--port", "0", "--log", log.path] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        try process.run()
        var line = Data()
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line.append(byte)
        }
        guard let address = String(decoding: line, as: UTF8.self).split(separator: " ").last else {
            throw CocoaError(.executableLoad)
        }
        url = String(address)
    }

    /// The log's lines as JSON objects.
    func entries() throws -> [[String: Any]] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// Stops the simulator and waits until its log is complete.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    deinit { stop() }
}
