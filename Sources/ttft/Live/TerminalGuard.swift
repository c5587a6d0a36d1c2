import Glibc
import Synchronization

/// The terminal while a view has it: a screen of its own without cursor, keys without echo; given back on every way out.
///
/// What restores it runs inside signal handlers too, hence uses atomics, `write` and `tcsetattr` alone.
enum TerminalGuard {
    private static let entering: StaticString = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[2J"
    private static let leaving: StaticString = "\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"
    private static let isEntered = Atomic<Bool>(false)
    private static let isStopped = Atomic<Bool>(false)
    /// Once a deadly signal has come nothing draws again, though other threads may live on for a while.
    private static let isDying = Atomic<Bool>(false)
    /// The address of the modes that the terminal had; 0 where keys are not read.
    private static let modes = Atomic<UInt>(0)
    /// The address of the handlers that ours stand before, by signal.
    private static let handlers = Atomic<UInt>(0)

    /// Signals whose default ends the process, but for those that end a run in order.
    private static let deadly = [SIGHUP, SIGQUIT, SIGPIPE, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE]

    /// Whether the terminal belongs to this process, and not to a shell that put it into the background.
    static var isForeground: Bool { tcgetpgrp(STDERR_FILENO) == getpgrp() }

    /// Whether keys can be read from the terminal that is drawn on.
    static var hasKeys: Bool { isatty(STDIN_FILENO) == 1 && tcgetpgrp(STDIN_FILENO) == getpgrp() }

    /// Whether a view may draw now: after Ctrl-Z it may not until the process goes on in the foreground.
    static var canDraw: Bool {
        !isStopped.load(ordering: .acquiring) && !isDying.load(ordering: .acquiring) && isForeground
    }

    /// Lets the calling thread take the signals on which the terminal is given back.
    ///
    /// Who started this process may have blocked them, which is inherited; then nothing but a kill would end it.
    static func unblockSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in deadly + [SIGTSTP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Takes the terminal, unless it is taken already; true where it was not, so that all has to be drawn anew.
    static func enter() -> Bool {
        guard !isEntered.load(ordering: .acquiring), !isDying.load(ordering: .acquiring) else { return false }
        if modes.load(ordering: .relaxed) == 0, hasKeys {
            let saved = UnsafeMutablePointer<termios>.allocate(capacity: 1)
            saved.initialize(to: termios())
            if tcgetattr(STDIN_FILENO, saved) == 0 { modes.store(UInt(bitPattern: saved), ordering: .releasing) }
        }
        listen()
        isEntered.store(true, ordering: .sequentiallyConsistent)
        if let saved = savedModes {
            var changed = saved.pointee
            changed.c_lflag &= ~tcflag_t(ICANON | ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &changed)
        }
        _ = write(STDERR_FILENO, entering.utf8Start, entering.utf8CodeUnitCount)
        return true
    }

    /// Gives the terminal back as it was; does nothing where it is not taken.
    static func leave() {
        guard isEntered.exchange(false, ordering: .sequentiallyConsistent) else { return }
        _ = write(STDERR_FILENO, leaving.utf8Start, leaving.utf8CodeUnitCount)
        if let savedModes { tcsetattr(STDIN_FILENO, TCSANOW, savedModes) }
    }

    private static var savedModes: UnsafeMutablePointer<termios>? {
        UnsafeMutablePointer(bitPattern: modes.load(ordering: .acquiring))
    }

    private static func listen() {
        guard handlers.load(ordering: .relaxed) == 0 else { return }
        let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
        previous.initialize(repeating: sigaction(), count: 65)
        handlers.store(UInt(bitPattern: previous), ordering: .releasing)
        var action = sigaction()
        sigemptyset(&action.sa_mask)
        action.__sigaction_handler.sa_handler = { TerminalGuard.die(of: $0) }
        for number in deadly { sigaction(number, &action, previous + Int(number)) }
        action.__sigaction_handler.sa_handler = { TerminalGuard.stop(on: $0) }
        sigaction(SIGTSTP, &action, previous + Int(SIGTSTP))
        // To give the terminal back from the background must not stop the process.
        signal(SIGTTOU, SIG_IGN)
    }

    private static func previousHandler(of number: Int32) -> UnsafeMutablePointer<sigaction>? {
        UnsafeMutablePointer<sigaction>(bitPattern: handlers.load(ordering: .acquiring)).map { $0 + Int(number) }
    }

    /// Restores the terminal and dies of the same signal, by whatever handled it before.
    private static func die(of number: Int32) {
        isDying.store(true, ordering: .sequentiallyConsistent)
        leave()
        sigaction(number, previousHandler(of: number), nil)
        raise(number)
    }

    /// Restores the terminal and stops, as for Ctrl-Z; the view takes the terminal again when the process goes on.
    private static func stop(on number: Int32) {
        let errorNumber = errno
        isStopped.store(true, ordering: .sequentiallyConsistent)
        leave()
        var ours = sigaction()
        sigaction(number, previousHandler(of: number), &ours)
        raise(number)
        var itself = sigset_t()
        var blocked = sigset_t()
        sigemptyset(&itself)
        sigaddset(&itself, number)
        // Here the process stands still until it is continued.
        pthread_sigmask(SIG_UNBLOCK, &itself, &blocked)
        pthread_sigmask(SIG_SETMASK, &blocked, nil)
        sigaction(number, &ours, nil)
        isStopped.store(false, ordering: .sequentiallyConsistent)
        errno = errorNumber
    }
}
