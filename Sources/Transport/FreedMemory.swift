import CTransport

/// What thousands of ended streams held.
package enum FreedMemory {
    /// Gives it back to the system; the allocator would keep it, for a thread that needs it no more.
    package static func giveBack() { ct_give_back_memory() }
}
