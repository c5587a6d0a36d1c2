import Glibc

/// A thread that can be told to end and waited for; signals that are meant for the process go to others.
final class BackgroundThread {
    /// Becomes readable when the thread is to end.
    struct Stop: Sendable {
        fileprivate let descriptor: Int32

        /// Waits for so many milliseconds, or until the descriptor can be read; true means that the thread is to end.
        func wait(milliseconds: Int32, orInput input: Int32 = -1) -> Bool {
            var requests = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: input, events: Int16(POLLIN), revents: 0),
            ]
            poll(&requests, 2, milliseconds)
            return requests[0].revents != 0
        }
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private var thread = pthread_t()
    private var pipeEnds: [Int32] = [-1, -1]
    private var isStarted = false

    init(_ body: @escaping @Sendable (Stop) -> Void) {
        guard pipe(&pipeEnds) == 0 else { return }
        for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let stop = Stop(descriptor: pipeEnds[0])
        let created = Self.create { body(stop) }
        isStarted = created != nil
        thread = created ?? thread
    }

    /// Runs the body on a thread that nobody waits for.
    static func detach(_ body: @escaping @Sendable () -> Void) {
        if let thread = create(body) { pthread_detach(thread) }
    }

    private static func create(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var blocked = sigset_t()
        var previous = sigset_t()
        sigfillset(&blocked)
        // A crash is this thread's own: blocked, it would end the process past every handler.
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] { sigdelset(&blocked, number) }
        pthread_sigmask(SIG_SETMASK, &blocked, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        guard code != 0 else { return thread }
        Unmanaged<Body>.fromOpaque(context).release()
        return nil
    }

    /// Tells the thread to end, and waits until it has.
    func end() {
        guard isStarted else { return }
        isStarted = false
        close(pipeEnds[1])
        pthread_join(thread, nil)
        close(pipeEnds[0])
    }

    deinit { end() }
}
