package import Glibc

/// OS threads that take no signals meant for the process, so that no handler delays them.
package enum QuietThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs the body on a new thread, which is to be joined or detached; nil where the system gives none.
    package static func create(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var blocked = sigset_t()
        var previous = sigset_t()
        sigfillset(&blocked)
        // A crash is the thread's own: blocked, it would end the process past what restores a terminal.
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] { sigdelset(&blocked, number) }
        pthread_sigmask(SIG_SETMASK, &blocked, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
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

    /// Runs the body on a new thread that nobody waits for; false where the system gives none.
    package static func detach(_ body: @escaping @Sendable () -> Void) -> Bool {
        guard let thread = create(body) else { return false }
        pthread_detach(thread)
        return true
    }
}
