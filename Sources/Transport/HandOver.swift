import CTransport
import Glibc
import Synchronization

/// A queue from one thread to another that makes neither wait for the other: a stack that the taker empties at once.
///
/// A descriptor becomes readable when there is something to take, so that it can be waited for beside sockets.
final class HandOver<Item: Sendable>: Sendable {
    private final class Node: @unchecked Sendable {
        let item: Item
        /// Written before the node is published, read after it was taken.
        var next: UInt = 0

        init(_ item: Item) { self.item = item }
    }

    private let top = Atomic<UInt>(0)
    /// Signals of batches that were taken before they could be read; used by the taker alone.
    private let signalsToRead = Atomic<UInt64>(0)
    let descriptor: Int32

    init() { descriptor = ct_event_descriptor() }

    deinit {
        _ = takeAll()
        close(descriptor)
    }

    /// Adds an item; wakes the taker where the queue was empty.
    func put(_ item: Item) {
        let node = Node(item)
        let address = UInt(bitPattern: Unmanaged.passRetained(node).toOpaque())
        var previous = top.load(ordering: .relaxed)
        while true {
            node.next = previous
            let (isExchanged, current) = top.weakCompareExchange(
                expected: previous, desired: address, ordering: .acquiringAndReleasing)
            if isExchanged { break }
            previous = current
        }
        if previous == 0 {
            var one: UInt64 = 1
            write(descriptor, &one, 8)
        }
    }

    /// Takes everything that was put so far, in the order in which it was put.
    ///
    /// Each batch has one signal, which may come after the batch was taken. Where there is neither a batch nor a signal
    /// to come nothing is read: a taker asks at each of its wakes, most of which have nothing to do with the queue.
    func takeAll() -> [Item] {
        var toRead = signalsToRead.load(ordering: .relaxed)
        guard toRead > 0 || top.load(ordering: .relaxed) != 0 else { return [] }
        var count: UInt64 = 0
        // Before the batch is taken: the signal of one that is put meanwhile must not be lost.
        if read(descriptor, &count, 8) != 8 { count = 0 }
        var address = top.exchange(0, ordering: .acquiringAndReleasing)
        if address != 0 { toRead += 1 }
        signalsToRead.store(toRead - count, ordering: .relaxed)
        var items: [Item] = []
        while let pointer = UnsafeRawPointer(bitPattern: address) {
            let node = Unmanaged<Node>.fromOpaque(pointer).takeRetainedValue()
            items.append(node.item)
            address = node.next
        }
        return items.reversed()
    }

    /// Waits until there is something to take, at most for the given milliseconds.
    func wait(milliseconds: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, milliseconds)
    }
}
