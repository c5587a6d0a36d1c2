import Glibc
import Timeline

/// One client's connection: its bytes in, its bytes out, and the answer that is being played.
final class ClientConnection {
    let descriptor: Int32
    /// The connection's number, from 1.
    let number: Int
    let clientPort: UInt16
    let accepted: Instant
    unowned let loop: EventLoop
    var parser = HTTPRequestParser()
    var player: StreamPlayer?
    /// Changes with every change of plan, so that older entries of the due queue are void.
    private(set) var ticket: UInt64 = 0
    var requestCount = 0
    var closesAfterOutput = false
    private(set) var isClosed = false
    /// Whether a send has failed, so that nothing can be sent any more.
    private(set) var isBroken = false
    private var output: [UInt8] = []
    private var outputStart = 0

    /// The most bytes that may wait in memory for a client that does not read, or that sends without waiting.
    private static let bufferLimit = HTTPRequestParser.bodyLimit + HTTPRequestParser.headLimit

    init(descriptor: Int32, number: Int, clientPort: UInt16, accepted: Instant, loop: EventLoop) {
        self.descriptor = descriptor
        self.number = number
        self.clientPort = clientPort
        self.accepted = accepted
        self.loop = loop
    }

    /// Sends bytes, or queues them behind others while the socket is full.
    ///
    /// A failure is only noted, for this is called from inside an answer's step; `follow` then closes the connection.
    ///
    /// - Returns: The instant immediately before the `send` call, and whether bytes had to be queued.
    @discardableResult
    func send(_ bytes: [UInt8]) -> (instant: Instant, isBlocked: Bool) {
        guard !isClosed, !isBroken, !bytes.isEmpty else { return (MonotonicClock.now(), false) }
        if outputStart < output.count {
            output += bytes
            if output.count - outputStart > Self.bufferLimit { isBroken = true }
            return (MonotonicClock.now(), true)
        }
        let instant = MonotonicClock.now()
        let count = bytes.withUnsafeBytes { transmit($0) }
        guard let count, count < bytes.count else { return (instant, false) }
        output = Array(bytes[count...])
        outputStart = 0
        loop.watch(self, forWriting: true)
        return (instant, true)
    }

    /// Calls `send`; nil after an error.
    private func transmit(_ bytes: UnsafeRawBufferPointer) -> Int? {
        while true {
            let count = Glibc.send(
                descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if count >= 0 { return count }
            if errno == EAGAIN { return 0 }
            if errno != EINTR {
                isBroken = true
                return nil
            }
        }
    }

    /// Sends what waits, as far as the socket takes it.
    func flush() {
        while outputStart < output.count {
            guard let count = output[outputStart...].withUnsafeBytes({ transmit($0) }) else { return loop.drop(self) }
            if count == 0 { return }
            outputStart += count
        }
        output = []
        outputStart = 0
        loop.watch(self, forWriting: false)
        if closesAfterOutput { loop.drop(self) }
    }

    /// Reads all that has arrived and answers the requests that are complete.
    func receive() {
        var isAtEnd = false
        while !isClosed {
            let buffer = loop.receiveBuffer
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                parser.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                if parser.unreadCount > Self.bufferLimit { return loop.drop(self) }
                if count < buffer.count { break }
            } else if count == 0 {
                isAtEnd = true
                break
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                return loop.drop(self)
            }
        }
        if !isAtEnd { return answerRequests() }
        loop.drop(self)
    }

    /// Plays what is due.
    func play(due: Instant) {
        guard let player else { return }
        follow(player.play(on: self, due: due))
    }

    /// Does what an answer's step leaves to do.
    func follow(_ progress: StreamPlayer.Progress) {
        if isBroken { return loop.drop(self) }
        switch progress {
        case .next(let due): loop.schedule(self, due: due)
        case .silent: ticket += 1
        case .ended(let ending): end(ending)
        }
    }

    private func end(_ ending: StreamPlayer.Ending) {
        if player?.closesConnection == true { closesAfterOutput = true }
        closeAnswer(completed: true)
        switch ending {
        case .reset:
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            loop.drop(self)
        case .close: closesAfterOutput = true
        case .complete: break
        }
        closeIfFinished()
    }

    /// Closes the connection where that was asked for and all bytes are sent.
    func closeIfFinished() {
        if isBroken || (closesAfterOutput && outputStart == output.count) { loop.drop(self) }
    }

    /// Logs the answer that is being played and forgets it.
    func closeAnswer(completed: Bool) {
        guard let player else { return }
        ticket += 1
        self.player = nil
        loop.log.append(player.close(completed: completed, at: MonotonicClock.now()))
    }

    /// Closes the socket; the loop calls this.
    func close() {
        isClosed = true
        ticket += 1
        Glibc.close(descriptor)
    }
}
