import Glibc
import Report

/// Results go to standard output, everything else to standard error.
enum Output {
    /// Prints a result; ends the process where it cannot be written, since a cut result must not look like a whole one.
    static func result(_ text: String) {
        // A reader such as `head` may close its end; that is its right, and no failure of ours.
        signal(SIGPIPE, SIG_IGN)
        guard let reason = write(text, to: STDOUT_FILENO), reason != EPIPE else { return }
        note("ttft: standard output: \(String(cString: strerror(reason)))")
        exit(1)
    }

    /// Writes a result to a file, in place of what it held; `-` is standard output.
    static func write(_ text: String, toFile path: String) throws {
        guard path != "-" else { return result(text) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else {
            throw Complaint("\(path): cannot be written: \(String(cString: strerror(errno)))", ExitStatus.failure)
        }
        defer { close(descriptor) }
        if let reason = write(text, to: descriptor) {
            throw Complaint("\(path): cannot be written: \(String(cString: strerror(reason)))", ExitStatus.failure)
        }
    }

    /// Prints lines for people; what a server or a file may have put into them does not reach the terminal's controls.
    static func note(_ text: String) { write(harmless(text) + "\n", to: STDERR_FILENO) }

    /// Lines without control characters, their blanks kept.
    static func harmless(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            // Whole blanks of a line are layout, not foreign white space that could break it.
            line.split(separator: " ", omittingEmptySubsequences: false).map { PrintableText.terminal(String($0)) }
                .joined(separator: " ")
        }.joined(separator: "\n")
    }

    /// Replaces the status line of a terminal; an empty text removes it.
    static func status(_ text: String) { write("\r\u{1b}[K" + text, to: STDERR_FILENO) }

    /// Writes to standard error as it is, for what draws on a terminal or is made for programs.
    static func raw(_ text: String) { write(text, to: STDERR_FILENO) }

    static var isResultTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static var isNoteTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    // Unbuffered, so that nothing is lost when the process is killed; returns the error where not all was written.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return errno }
                offset += count
            }
            return nil
        }
    }
}
