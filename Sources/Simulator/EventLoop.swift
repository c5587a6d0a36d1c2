import CEpoll
import Glibc
import Synchronization
import Timeline

/// The one thread of the simulator: waits for clients and for instants, and serves whichever comes first.
///
/// It is unchecked because only the thread inside `run` touches its state; `requestStop` alone may be called from others.
final class EventLoop: @unchecked Sendable {
    let log: SendLog
    let seed: UInt64
    var library: ScriptLibrary
    /// Where every connection's bytes arrive first.
    let receiveBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    private let listener: ListeningSocket
    private let epoll: Int32
    private let wake: Int32
    private let isStopping = Atomic<Bool>(false)
    private var dues = DueQueue()
    private var connections: [UInt64: ClientConnection] = [:]
    private var connectionCount = 0

    /// Tokens of the epoll set that are no connection's number.
    private static let listenerToken = UInt64.max
    private static let wakeToken = UInt64.max - 1

    init(listener: ListeningSocket, library: ScriptLibrary, log: SendLog, seed: UInt64) throws(SimulatorError) {
        self.listener = listener
        self.library = library
        self.log = log
        self.seed = seed
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wake = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard epoll >= 0, wake >= 0 else {
            throw .systemCallFailed(call: "epoll_create1 or eventfd", reason: systemErrorText())
        }
        control(EPOLL_CTL_ADD, listener.descriptor, EPOLLIN.rawValue, Self.listenerToken)
        control(EPOLL_CTL_ADD, wake, EPOLLIN.rawValue, Self.wakeToken)
    }

    deinit {
        close(epoll)
        close(wake)
        receiveBuffer.deallocate()
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32, _ token: UInt64) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = token
        _ = epoll_ctl(epoll, operation, descriptor, &event)
    }

    /// Ends `run` soon; safe from every thread and from signal handlers.
    func requestStop() {
        isStopping.store(true, ordering: .releasing)
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }

    /// Serves until `requestStop`.
    func run() {
        // By default the kernel may wake a thread 50 microseconds late.
        _ = cepoll_set_timer_slack(1)
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while !isStopping.load(ordering: .acquiring) {
            playDue()
            let count = waitForEvents(&events)
            for index in 0..<max(0, count) { handle(events[index].data.u64, events[index].events) }
        }
        for connection in Array(connections.values) { drop(connection) }
        listener.close()
    }

    /// Plays what is due, but not so much that clients would wait for it.
    private func playDue() {
        for _ in 0..<512 {
            guard let (connection, due) = dues.pop(until: MonotonicClock.now()) else { return }
            connection.play(due: due)
            if !connection.isClosed, connection.player == nil { connection.answerRequests() }
        }
    }

    private func waitForEvents(_ events: inout [epoll_event]) -> Int {
        guard let next = dues.next else { return Int(epoll_pwait2(epoll, &events, Int32(events.count), nil, nil)) }
        let wait = max(0, (next - MonotonicClock.now()).count)
        var timeout = timespec(tv_sec: Int(wait / 1_000_000_000), tv_nsec: Int(wait % 1_000_000_000))
        return Int(epoll_pwait2(epoll, &events, Int32(events.count), &timeout, nil))
    }

    private func handle(_ token: UInt64, _ events: UInt32) {
        if token == Self.listenerToken { return acceptClients() }
        guard let connection = connections[token] else { return }
        if events & EPOLLIN.rawValue != 0 { connection.receive() }
        if !connection.isClosed, events & (EPOLLERR.rawValue | EPOLLHUP.rawValue | EPOLLRDHUP.rawValue) != 0 {
            drop(connection)
        }
        if !connection.isClosed, events & EPOLLOUT.rawValue != 0 { connection.flush() }
    }

    private func acceptClients() {
        while let client = listener.accept() {
            connectionCount += 1
            let connection = ClientConnection(
                descriptor: client.descriptor, number: connectionCount, clientPort: client.port,
                accepted: MonotonicClock.now(), loop: self)
            connections[UInt64(connectionCount)] = connection
            control(
                EPOLL_CTL_ADD, client.descriptor, EPOLLIN.rawValue | EPOLLRDHUP.rawValue, UInt64(connectionCount))
        }
    }

    /// Has a connection play its answer on at an instant.
    func schedule(_ connection: ClientConnection, due: Instant) { dues.insert(connection, due: due) }

    /// Watches a connection also for room to write, or no longer.
    func watch(_ connection: ClientConnection, forWriting: Bool) {
        let events = EPOLLIN.rawValue | EPOLLRDHUP.rawValue | (forWriting ? EPOLLOUT.rawValue : 0)
        control(EPOLL_CTL_MOD, connection.descriptor, events, UInt64(connection.number))
    }

    /// Closes a connection; an answer that is being played is logged as it stands.
    func drop(_ connection: ClientConnection) {
        guard connections.removeValue(forKey: UInt64(connection.number)) != nil else { return }
        connection.closeAnswer(completed: false)
        connection.close()
    }
}
