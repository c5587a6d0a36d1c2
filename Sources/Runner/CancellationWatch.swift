import Timeline
import Transport
import Wire

/// Finds the instant at which a stream that is to be cancelled has brought its tokens, decoding it while it comes.
struct CancellationWatch {
    private struct Reader {
        let arrivals: ArrivalReader
        var decoder: StreamDecoder
        var eventCount = 0
        var tokens = 0
    }

    private var readers: [Int: Reader] = [:]

    /// Reads on, and returns whether the stream has brought the tokens at which it is to be cancelled.
    ///
    /// A stream whose end has come is complete, and too late to be cancelled. One that goes on after a break does so where
    /// `beginning` is, whose tokens count too.
    mutating func isDue(
        _ stream: WatchedStream, dialect: any Dialect, expectsStream: Bool, beginning: @autoclosure () -> StreamDecoder?
    ) -> Bool {
        let transfer = stream.transfer
        guard case .tokens(let count)? = transfer.request.plan.cancellation else { return false }
        let token = transfer.request.token
        var reader =
            readers.removeValue(forKey: token)
            ?? Reader(
                arrivals: ArrivalReader(transfer.log),
                decoder: beginning()
                    ?? StreamDecoder(
                        dialect: dialect, status: stream.status, headers: stream.headers.fields,
                        expectsStream: expectsStream, keepsText: false))
        transfer.beginLook()
        reader.arrivals.readOn { arrival in reader.decoder.receive(arrival.bytes, readIndex: arrival.readIndex) }
        for event in reader.decoder.events(from: reader.eventCount) where event.kind.isContent {
            reader.tokens += event.tokens ?? 1
        }
        reader.eventCount = reader.decoder.eventCount
        let isDue = reader.tokens >= count && !reader.decoder.sawTerminal
        if !isDue { readers[token] = reader }
        return isDue
    }

    /// Forgets a transfer that has ended.
    mutating func forget(_ transfer: Transfer) { readers.removeValue(forKey: transfer.request.token) }
}
