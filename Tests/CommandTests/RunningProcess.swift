import Foundation
import Timeline

/// A process that was started by a test, watched from outside.
struct RunningProcess {
    let identifier: Int32

    /// Sends a signal.
    func send(_ signal: Int32) { kill(identifier, signal) }

    /// Whether the process runs; one that only waits for its parent to be told does not.
    var isAlive: Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8) else {
            return false
        }
        return status.split(separator: ")").last?.split(separator: " ").first.map { $0 != "Z" } ?? false
    }

    /// The processes that this one has started.
    var children: [RunningProcess] {
        let list = try? String(contentsOfFile: "/proc/\(identifier)/task/\(identifier)/children", encoding: .utf8)
        return (list ?? "").split(separator: " ").compactMap { Int32($0) }.map { RunningProcess(identifier: $0) }
    }

    /// The arguments as every user of the machine can read them.
    var commandLine: String {
        let bytes = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(identifier)/cmdline"))) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Waits until a condition holds, at most for some seconds, and says whether it does.
func eventually(within seconds: Double, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = MonotonicClock.now() + .seconds(seconds)
    while MonotonicClock.now() < end {
        if try condition() { return true }
        Thread.sleep(forTimeInterval: 0.005)
    }
    return try condition()
}
