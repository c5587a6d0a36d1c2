import FoundationEssentials
import Glibc
import Metrics
import Timeline

/// Where what is known of a machine is kept: a file for each host in the user's state directory.
///
/// A database belongs to a folder and travels; how well this machine measures does neither.
struct CalibrationFile {
    let path: String

    /// The file of a host, in `$XDG_STATE_HOME/ttft`, else `~/.local/state/ttft`; nil where neither is known.
    init?(of host: HostDescription, environment: [String: String]) {
        let stated = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let folder = stated ?? environment["HOME"].map({ "\($0)/.local/state" }), folder.hasPrefix("/") else {
            return nil
        }
        let name = String(host.name.map { $0.isLetter || $0.isNumber || "-.".contains($0) ? $0 : "_" })
        path = "\(folder)/ttft/calibration-\(name).json"
    }

    /// What was found of this machine by this version; nil where nothing was.
    func load(for host: HostDescription, toolVersion: String) -> Calibration? {
        guard let data = FileManager.default.contents(atPath: path),
            let calibration = try? JSONDecoder().decode(Calibration.self, from: data),
            calibration.applies(to: host, toolVersion: toolVersion)
        else { return nil }
        return calibration
    }

    /// Replaces the file at once, so that no reader finds half of it.
    func save(_ calibration: Calibration) throws {
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        do {
            try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            try encoder.encode(calibration).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Complaint(
                "\(path) cannot be written; make its folder writable, set XDG_STATE_HOME, or use --no-save",
                ExitStatus.failure)
        }
    }
}
