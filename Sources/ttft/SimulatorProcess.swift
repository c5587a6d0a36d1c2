import FoundationEssentials
import Glibc
import Scenarios
import Timeline

/// The embedded simulator as a process of its own, so that it cannot delay the measuring thread.
///
/// It ends when this process closes its end of the pipe, hence also when this process is killed.
final class SimulatorProcess {
    private let process: pid_t
    private let input: Int32
    let port: UInt16

    /// Starts the simulator with the scripts of the simulated targets.
    init(scripts: [String: StreamScript], seed: UInt64, log: String? = nil) throws {
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else {
            throw Complaint("no pipe to the simulator: \(String(cString: strerror(errno)))", ExitStatus.failure)
        }
        // The child must not hold its own end open, or it would never see this process go.
        for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        process = try Self.spawn(standardInput: toChild[0], standardOutput: fromChild[1], seed: seed, log: log)
        input = toChild[1]
        close(toChild[0])
        close(fromChild[1])
        defer { close(fromChild[0]) }
        var message = Array(try JSONEncoder().encode(scripts))
        message.append(UInt8(ascii: "\n"))
        _ = write(toChild[1], message, message.count)
        guard let port = Self.readPort(from: fromChild[0]) else {
            throw Complaint("the simulator did not start", ExitStatus.failure)
        }
        self.port = port
    }

    deinit {
        close(input)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    /// Starts the simulator where a target needs it, and points those targets at it.
    static func serving(_ scenario: inout Scenario, log: String? = nil) throws -> SimulatorProcess? {
        var scripts: [String: StreamScript] = [:]
        for target in scenario.targets {
            scripts[target.name] = target.simulation
            scripts[target.name]?.api = target.api
        }
        guard !scripts.isEmpty else { return nil }
        let simulator = try SimulatorProcess(scripts: scripts, seed: scenario.seed, log: log)
        for index in scenario.targets.indices where scenario.targets[index].simulation != nil {
            let name = PercentEncoding.pathSegment(scenario.targets[index].name)
            scenario.targets[index].baseURL = "http://127.0.0.1:\(simulator.port)/\(name)/v1"
        }
        return simulator
    }

    private static func spawn(
        standardInput: Int32, standardOutput: Int32, seed: UInt64, log: String?
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, standardInput, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, standardOutput, STDOUT_FILENO)
        // A group of its own: Ctrl-C must not take the server away while the streams in flight are drained.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let arguments =
            ["ttft", "simulate", "--scripts-from-input", "--seed", String(seed), "--last-core"]
            + (log.map { ["--log", $0] } ?? [])
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        let result = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &pointers, environ)
        guard result == 0 else {
            throw Complaint("the simulator cannot be started: \(String(cString: strerror(result)))", ExitStatus.failure)
        }
        return process
    }

    private static func readPort(from descriptor: Int32) -> UInt16? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        return String(decoding: line, as: UTF8.self).split(separator: ":").last.flatMap { UInt16($0) }
    }
}
