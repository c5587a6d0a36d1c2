import Foundation

/// The Python server that misbehaves on purpose, as a process of its own that ends with its owner.
final class HostileServer {
    let url: String
    private let process: Process
    private let input = Pipe()
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let script = Tool.root.appendingPathComponent("Tests/CommandTests/hostile_server.py").path
        let output = Pipe()
        let isNamed = ProcessInfo.processInfo.environment["TTFT_PYTHON"] != nil
        process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.python)
        process.arguments = (isNamed ? [] : ["python3"]) + [script, folder.file("requests.jsonl").path]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line.append(byte)
        }
        url = String(decoding: line, as: UTF8.self)
    }

    /// What was asked, one JSON object per request: its behaviour, connection, ordinal and header fields.
    func requests() throws -> [[String: Any]] {
        try String(contentsOf: folder.file("requests.jsonl"), encoding: .utf8).split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
