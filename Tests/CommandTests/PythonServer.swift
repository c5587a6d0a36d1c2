import Foundation

/// A Python script of the tests that serves on loopback: it prints where, and ends when its input does.
final class PythonServer {
    /// The line that the script printed.
    let place: String
    private let process: Process
    private let input = Pipe()

    init(_ script: String, _ arguments: String...) throws {
        let path = Tool.root.appendingPathComponent("Tests/CommandTests/\(script)").path
        let output = Pipe()
        let isNamed = ProcessInfo.processInfo.environment["TTFT_PYTHON"] != nil
        process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.python)
        process.arguments = (isNamed ? [] : ["python3"]) + [path] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line.append(byte)
        }
        place = String(decoding: line, as: UTF8.self)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
