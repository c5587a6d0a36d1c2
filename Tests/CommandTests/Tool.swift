import Foundation

/// The built binary, run as a user runs it.
enum Tool {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The release binary where `TTFT_BINARY` names it, else the one built beside the tests.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["TTFT_BINARY"] { return path }
        return Bundle.main.bundleURL.appendingPathComponent("ttft").path
    }()

    /// The Python with the packages that the tests need, where `TTFT_PYTHON` names it.
    static let python = ProcessInfo.processInfo.environment["TTFT_PYTHON"] ?? "/usr/bin/env"

    /// The project's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs the tool to its end; `environment` is added to the tests' own.
    static func run(
        _ arguments: String..., in folder: URL? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        try run(executable: path, arguments, in: folder, environment: environment)
    }

    /// Runs a Python script of the tests.
    static func python(_ arguments: String..., in folder: URL? = nil) throws -> Result {
        let isNamed = ProcessInfo.processInfo.environment["TTFT_PYTHON"] != nil
        return try run(executable: python, isNamed ? arguments : ["python3"] + arguments, in: folder)
    }

    /// Runs a program to its end; output goes through files, so that no pipe can fill up.
    static func run(
        executable: String, _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        let (process, finish) = try start(executable, arguments, in: folder, environment: environment)
        process.waitUntilExit()
        return finish()
    }

    /// Starts the tool and returns at once; the closure reads what it has printed and how it ended.
    static func start(
        _ executable: String = path, _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
    ) throws -> (process: Process, finish: () -> Result) {
        let scratch = try TemporaryFolder()
        let output = scratch.file("stdout")
        let errors = scratch.file("stderr")
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = folder ?? root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let finish = {
            withExtendedLifetime(scratch) {
                Result(
                    status: process.terminationReason == .exit
                        ? process.terminationStatus : 128 + process.terminationStatus,
                    output: (try? String(contentsOf: output, encoding: .utf8)) ?? "",
                    errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
            }
        }
        return (process, finish)
    }
}

/// A folder that goes away with its owner.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("ttft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// Writes a text file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try text.write(to: file(name), atomically: true, encoding: .utf8)
        return file(name).path
    }
}
