import ArgumentParser
import Glibc

/// The bytes of a file that was named on the command line; `-` is standard input.
enum InputFile {
    static func bytes(of path: String) throws -> [UInt8] {
        if path == "-" { return try all(from: STDIN_FILENO, named: "standard input") }
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else {
            let status = errno == ENOENT || errno == ENOTDIR ? ExitStatus.fileNotFound : ExitStatus.failure
            throw Complaint("\(path): \(String(cString: strerror(errno)))", status)
        }
        defer { close(descriptor) }
        return try all(from: descriptor, named: path)
    }

    private static func all(from descriptor: Int32, named name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let status = errno == EISDIR ? ExitStatus.malformedInput : ExitStatus.failure
                throw Complaint("\(name): \(String(cString: strerror(errno)))", status)
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
