import Glibc

/// Runs a shell command and gives what it printed, errors included.
func output(of command: String) -> String {
    guard let pipe = popen(command + " 2>&1", "r") else { return "popen failed" }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&buffer, 1, buffer.count, pipe)
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
    }
}
