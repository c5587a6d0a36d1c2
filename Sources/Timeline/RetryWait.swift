/// The pause before a further attempt at a request.
package struct RetryWait: Sendable, Equatable, Codable {
    /// From the end of the attempt before to `due`.
    package var length: Nanoseconds
    /// When the attempt was to be sent.
    package var due: Instant

    package init(length: Nanoseconds, due: Instant) {
        self.length = length
        self.due = due
    }
}
