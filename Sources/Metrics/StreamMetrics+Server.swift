import Timeline

/// The server's own timing beside the client's, in milliseconds.
extension StreamMetrics {
    /// Until the first token, by the server.
    package var serverTimeToFirstToken: Double? { serverReport?.firstToken?.milliseconds }

    /// Until the last token, by the server.
    package var serverEndToEnd: Double? { serverReport?.total?.milliseconds }

    /// The client's time to first token less the server's: network, proxies and queues that the server does not see.
    package var firstTokenResidual: Double? { residual(timeToFirstToken, serverReport?.firstToken) }

    package var endToEndResidual: Double? { residual(endToEnd, serverReport?.total) }

    package var headersResidual: Double? {
        residual(milliseconds(from: record.sent, to: record.headersComplete), serverReport?.headers)
    }

    private func residual(_ client: Double?, _ server: ServerReport.Length?) -> Double? {
        guard let client, let server else { return nil }
        return client - server.milliseconds
    }

    /// By how much the server's time exceeds the client's beyond its rounding and the stamps' error; nil where none does.
    ///
    /// A stamp is late and never early by more than the floor, so that nothing else can make the client's too short.
    func excessOfServer(stampFloor: Nanoseconds) -> Double? {
        let excesses = [
            (firstTokenResidual, serverReport?.firstToken), (endToEndResidual, serverReport?.total),
            (headersResidual, serverReport?.headers),
        ].compactMap { residual, server -> Double? in
            guard let residual, let server else { return nil }
            return -residual - server.resolution - stampFloor.milliseconds
        }
        return excesses.max().flatMap { $0 > 0 ? $0 : nil }
    }
}
