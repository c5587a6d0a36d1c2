import Timeline

extension StreamPlayer {
    /// Logs what is still made for a client that left, as by a server that is slow to let go: none of it is sent.
    func goOn(from noticed: Instant) {
        entry.noticed = noticed
        guard let delay = script.disconnectDelay, entry.done == nil else { return }
        let limit = noticed + delay
        // Without an end of its own the answer goes on until the server lets go.
        var stopped = limit
        while content.nextTokens > 0 {
            guard schedule.due <= limit, let event = content.next() else { break }
            entry.unsentTokens += event.tokens
            if content.nextTokens == 0 { stopped = max(noticed, schedule.due) }
            schedule.advance(tokens: max(1, content.nextTokens))
        }
        entry.ended = stopped
    }
}
