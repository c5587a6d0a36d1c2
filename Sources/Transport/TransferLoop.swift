import CCurl
import CTransport
import Glibc
import Timeline

/// The measuring thread's loop: libcurl's sockets in an epoll set, a source of requests, and timers of our own.
///
/// Created and used on one thread alone. Nothing here decodes, logs, or waits for another thread.
final class TransferLoop {
    let multi: UnsafeMutableRawPointer
    let poll: Int32
    let source: any RequestSource
    let ended: HandOver<TransportReport>
    let commands: HandOver<TransportCommand>
    private(set) var clock: ArrivalClock
    var looks = SocketLooks()
    /// Counts the occasions on which libcurl was called to read.
    private(set) var actionCount: UInt32 = 0

    var inFlight: [Int: (transfer: Transfer, handle: EasyHandle)] = [:]
    var idleHandles: [ObjectIdentifier: [EasyHandle]] = [:]
    var deadlines = Deadlines()
    private var libraryDeadline: Instant?
    var sourceDue: Instant?
    private var isSourceFinished = false

    static let eventCapacity = 512

    init?(
        source: any RequestSource, clockSource: ClockSource, ended: HandOver<TransportReport>,
        commands: HandOver<TransportCommand>
    ) {
        guard let multi = curl_multi_init() else { return nil }
        self.multi = multi
        self.source = source
        self.ended = ended
        self.commands = commands
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        clock = ArrivalClock(source: clockSource)
        let context = Unmanaged.passUnretained(self).toOpaque()
        ct_multi_set_socket_function(multi, socketChanged)
        ct_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        ct_multi_set_timer_function(multi, timerChanged)
        ct_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        ct_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 16_384)
        ct_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 1000)
        _ = ct_poll_watch(poll, commands.descriptor, EPOLLIN.rawValue)
        if let wakeDescriptor = source.wakeDescriptor { _ = ct_poll_watch(poll, wakeDescriptor, EPOLLIN.rawValue) }
    }

    deinit {
        idleHandles.removeAll()
        curl_multi_cleanup(multi)
        close(poll)
    }

    /// Sends what the source asks for until it has finished and every transfer has ended.
    func run() {
        ct_poll_set_timer_slack(1)
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Self.eventCapacity)
        defer { events.deallocate() }
        while true {
            dispatch()
            // A server on the same machine can answer while the library still begins; no socket would tell of it again.
            let hasEndedAtOnce = collectEnded()
            if isSourceFinished, inFlight.isEmpty { return }
            let count = waitForSockets(into: events, until: hasEndedAtOnce ? MonotonicClock.now() : due)
            clock.follow(at: MonotonicClock.now())
            for index in 0..<count { handle(events + index) }
            handleTimers()
            collectEnded()
            if !holdsBack { ct_delivered_all() }
        }
    }

    private func dispatch() {
        sourceDue = nil
        var isWaiting = false
        var isAnySent = false
        while !isSourceFinished, !isWaiting {
            let now = MonotonicClock.now()
            switch source.next(at: now) {
            case .send(let request):
                start(request, at: now)
                isAnySent = true
            case .wait(let instant):
                sourceDue = instant
                isWaiting = true
            case .waitForEnd: isWaiting = true
            case .finished: isSourceFinished = true
            }
        }
        // libcurl begins a transfer when its timer, due at once, is served: not one sleep later.
        if isAnySent { performLibraryTimer() }
    }

    private func start(_ request: TransportRequest, at now: Instant) {
        let transfer = Transfer(request: request, dispatched: now, loop: self)
        guard let handle = takeHandle(for: request.target) else {
            transfer.end = .broken(message: "libcurl has no handle left")
            return finish(transfer, at: now)
        }
        handle.prepare(for: transfer)
        inFlight[request.token] = (transfer, handle)
        deadlines.add(nextDeadline(of: transfer, at: now), token: request.token)
        let result = curl_multi_add_handle(multi, handle.pointer)
        if result != CURLM_OK {
            transfer.ownEnd = .broken(message: String(cString: curl_multi_strerror(result)))
            end(token: request.token, code: CURLE_FAILED_INIT)
        }
    }

    private func takeHandle(for target: TransportTarget) -> EasyHandle? {
        idleHandles[ObjectIdentifier(target)]?.popLast() ?? EasyHandle(target: target, stampedBy: clock.source)
    }

    /// When something is to be done whatever the sockets bring; nil where nothing is.
    private var due: Instant? { Self.earlier(Self.earlier(libraryDeadline, sourceDue), deadlines.earliest) }

    private static func earlier(_ left: Instant?, _ right: Instant?) -> Instant? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }

    private func handle(_ event: UnsafeMutablePointer<epoll_event>) {
        let descriptor = ct_poll_descriptor(event)
        guard descriptor != commands.descriptor else { return obeyCommands() }
        // The source is asked after every wait.
        guard descriptor != source.wakeDescriptor else { return }
        var action: Int32 = 0
        let flags = event.pointee.events
        if flags & EPOLLIN.rawValue != 0 { action |= CURL_CSELECT_IN }
        if flags & EPOLLOUT.rawValue != 0 { action |= CURL_CSELECT_OUT }
        if flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { action |= CURL_CSELECT_ERR }
        serve(descriptor, action)
    }

    private func performLibraryTimer() {
        libraryDeadline = nil
        serve(CURL_SOCKET_TIMEOUT, 0)
    }

    /// Whether libcurl has bytes for streams that it has not served yet: it sets its timer for them to go off at once, and times
    /// everything else far longer.
    private var holdsBack: Bool {
        libraryDeadline.map { $0 <= MonotonicClock.now() + .milliseconds(5) } ?? false
    }

    private func serve(_ descriptor: curl_socket_t, _ action: Int32) {
        var running: Int32 = 0
        actionCount &+= 1
        ct_begin_action()
        curl_multi_socket_action(multi, descriptor, action, &running)
        ct_end_action()
    }

    private func handleTimers() {
        let now = MonotonicClock.now()
        if let deadline = libraryDeadline, deadline <= now { performLibraryTimer() }
        while let token = deadlines.popDue(at: now) {
            guard let entry = inFlight[token], !cancelIfDue(entry.transfer, at: now) else { continue }
            if let timeout = expired(entry.transfer, at: now) {
                entry.transfer.ownEnd = .timedOut(timeout)
                end(token: token, code: CURLE_OPERATION_TIMEDOUT)
            } else {
                deadlines.add(nextDeadline(of: entry.transfer, at: now), token: token)
            }
        }
    }

    fileprivate func setLibraryTimer(milliseconds: Int) {
        libraryDeadline = milliseconds < 0 ? nil : MonotonicClock.now() + .milliseconds(Double(milliseconds))
    }

    fileprivate func watch(_ descriptor: Int32, for what: Int32) {
        looks.watch(descriptor, forReading: what != CURL_POLL_REMOVE && what & CURL_POLL_IN != 0)
        guard what != CURL_POLL_REMOVE else { return ct_poll_forget(poll, descriptor) }
        var flags: UInt32 = 0
        if what & CURL_POLL_IN != 0 { flags |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { flags |= EPOLLOUT.rawValue }
        _ = ct_poll_watch(poll, descriptor, flags)
    }
}

private let socketChanged: curl_socket_callback = { _, descriptor, what, context, _ in
    guard let context else { return -1 }
    Unmanaged<TransferLoop>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.watch(descriptor, for: what) }
    return 0
}

private let timerChanged: curl_multi_timer_callback = { _, milliseconds, context in
    guard let context else { return -1 }
    Unmanaged<TransferLoop>.fromOpaque(context)._withUnsafeGuaranteedRef {
        $0.setLibraryTimer(milliseconds: milliseconds)
    }
    return 0
}
