import Timeline

/// What server-sent events have for clients that must come back.
extension StreamPlayer {
    /// The line that sets the pause before coming back; empty where the script has none, or the API no place for it.
    func reconnectionTime() -> [UInt8] {
        guard let pause = script.reconnectAfter, interface.framing.isServerSentEvents else { return [] }
        return encoder.encode(Array("retry: \(pause.count / 1_000_000)\n\n".utf8))
    }

    /// The bytes of an event behind a line with its id, where the script wants that.
    func identified(_ bytes: [UInt8]) -> [UInt8] {
        guard script.sendsEventIDs, interface.framing.isServerSentEvents, !bytes.isEmpty else { return bytes }
        eventNumber += 1
        return Array("id: \(eventNumber)\n".utf8) + bytes
    }
}
