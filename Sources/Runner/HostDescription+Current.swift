import FoundationEssentials
import Glibc
package import Timeline

extension HostDescription {
    /// Describes the machine this runs on.
    package static func current() -> HostDescription {
        var system = utsname()
        uname(&system)
        let processor =
            text(of: "/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":", maxSplits: 1).last }.map { trimmed(String($0)) } ?? "unknown"
        return HostDescription(
            name: string(&system.nodename), system: "\(string(&system.sysname)) \(string(&system.release))",
            processor: processor, cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            bootID: trimmed(text(of: "/proc/sys/kernel/random/boot_id")))
    }

    private static func text(of path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private static func string<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
