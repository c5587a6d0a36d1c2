import Glibc

/// Results go to standard output, everything else to standard error.
enum Output {
    static func result(_ text: String) { write(text, to: STDOUT_FILENO) }

    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Replaces the status line of a terminal; an empty text removes it.
    static func status(_ text: String) { write("\r\u{1b}[K" + text, to: STDERR_FILENO) }

    static var isResultTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static var isNoteTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    // Unbuffered, so that nothing is lost when the process is killed, and a closed pipe ends the output quietly.
    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                offset += count
            }
        }
    }
}
