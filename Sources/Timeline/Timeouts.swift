/// How long each part of a request may take, by our own monotonic timers.
package struct Timeouts: Sendable, Equatable, Codable {
    /// From dispatch until the connection stands.
    package var connect: Nanoseconds
    /// From sent until the final response header block is complete.
    package var headers: Nanoseconds
    /// From sent until the first content event; keep-alive comments do not count.
    package var firstToken: Nanoseconds
    /// Between content events; keep-alive comments do not count.
    package var stall: Nanoseconds
    /// From dispatch until the end.
    package var total: Nanoseconds

    package init(
        connect: Nanoseconds = .seconds(5), headers: Nanoseconds = .seconds(30), firstToken: Nanoseconds = .seconds(30),
        stall: Nanoseconds = .seconds(10), total: Nanoseconds = .seconds(120)
    ) {
        self.connect = connect
        self.headers = headers
        self.firstToken = firstToken
        self.stall = stall
        self.total = total
    }
}
