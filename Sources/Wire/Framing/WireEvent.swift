/// One event as a framing gives it to a dialect; its pointer is valid until the call that was handed it returns.
package struct WireEvent {
    /// The type's bytes, where the framing names types; empty stands for `message`.
    package var typeBytes: [UInt8]
    /// The data; valid UTF-8 where the framing is text.
    package var data: UnsafeRawBufferPointer
    /// The last event id, which stays from event to event; empty where the framing has none.
    package var identifier: [UInt8]
    /// Whether the event gave that id itself, and did not only come after one that did.
    package var bearsIdentifier = false
    /// Bytes from the event's first one to the end of what delimits it, comments apart.
    package var wireBytes: Int

    package var type: String { typeBytes.isEmpty ? "message" : String(decoding: typeBytes, as: UTF8.self) }
}
