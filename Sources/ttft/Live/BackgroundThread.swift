import Glibc
import Transport

/// A thread that can be told to end and waited for.
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

    private var thread = pthread_t()
    private var pipeEnds: [Int32] = [-1, -1]
    private var isStarted = false

    init(_ body: @escaping @Sendable (Stop) -> Void) {
        guard pipe(&pipeEnds) == 0 else { return }
        for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let stop = Stop(descriptor: pipeEnds[0])
        let created = QuietThread.create { body(stop) }
        isStarted = created != nil
        thread = created ?? thread
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
