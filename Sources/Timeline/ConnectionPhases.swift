/// What the connection cost, between dispatch and send; zero lengths on a connection that is used again.
package struct ConnectionPhases: Sendable, Equatable, Codable {
    package var isNew: Bool
    package var nameLookup: Nanoseconds
    package var connect: Nanoseconds
    package var tls: Nanoseconds
    /// The peer's numeric address, and port after the last colon.
    package var remoteAddress: String?

    package init(
        isNew: Bool = false, nameLookup: Nanoseconds = .zero, connect: Nanoseconds = .zero, tls: Nanoseconds = .zero,
        remoteAddress: String? = nil
    ) {
        self.isNew = isNew
        self.nameLookup = nameLookup
        self.connect = connect
        self.tls = tls
        self.remoteAddress = remoteAddress
    }
}
