import CCurl
import CTransport
import Timeline

extension TransferLoop {
    /// The timeout that a transfer has run into; nil where none, or where only the reader of its log can tell.
    func expired(_ transfer: Transfer, at now: Instant) -> TransportEnd.TimeoutKind? {
        let timeouts = transfer.request.target.timeouts
        if now >= transfer.dispatched + timeouts.total { return .total }
        transfer.updateSent()
        guard let sent = transfer.sent else { return now >= transfer.dispatched + timeouts.connect ? .connect : nil }
        guard transfer.headersComplete != nil else {
            if now >= sent + timeouts.headers { return .headers }
            return now >= sent + timeouts.firstToken ? .firstToken : nil
        }
        if now >= progressDeadline(of: transfer, sent: sent), !transfer.isQuestionOpen {
            transfer.isQuestionOpen = true
            ended.put(
                .question(
                    ProgressQuestion(
                        transfer: transfer, sent: sent, status: transfer.status ?? 0, headers: transfer.headers)))
        }
        return nil
    }

    /// When a transfer is to be cancelled on purpose; nil is never, or at a token, or not known before it was sent.
    private func cancellationDeadline(of transfer: Transfer) -> Instant? {
        guard case .time(let length)? = transfer.request.plan.cancellation else { return nil }
        // Of a stream that goes on after a break all its time counts.
        return transfer.sent.map { (transfer.request.begun ?? $0) + length }
    }

    /// Cancels a transfer whose time for that has come; false where it has not.
    func cancelIfDue(_ transfer: Transfer, at now: Instant) -> Bool {
        transfer.updateSent()
        guard let deadline = cancellationDeadline(of: transfer), now >= deadline else { return false }
        cancel(transfer)
        return true
    }

    private func cancel(_ transfer: Transfer) {
        transfer.ownEnd = .cancelled
        transfer.cancelled = MonotonicClock.now()
        end(token: transfer.request.token, code: CURLE_ABORTED_BY_CALLBACK)
    }

    private func progressDeadline(of transfer: Transfer, sent: Instant) -> Instant {
        let timeouts = transfer.request.target.timeouts
        return transfer.progressDeadline ?? sent + min(timeouts.firstToken, timeouts.stall)
    }

    /// When a transfer must be looked at next: never after the earliest timeout that could apply.
    func nextDeadline(of transfer: Transfer, at now: Instant) -> Instant {
        let timeouts = transfer.request.target.timeouts
        let candidate: Instant
        if let sent = transfer.sent {
            if transfer.headersComplete == nil {
                candidate = sent + min(timeouts.headers, timeouts.firstToken)
            } else if transfer.isQuestionOpen {
                candidate = transfer.dispatched + timeouts.total
            } else {
                candidate = progressDeadline(of: transfer, sent: sent)
            }
        } else {
            // Later timers count from the send, which can come at any moment.
            var soonest = min(timeouts.headers, timeouts.firstToken, timeouts.stall)
            if case .time(let length)? = transfer.request.plan.cancellation {
                let rest = (transfer.request.begun ?? now) + length - now
                soonest = min(soonest, max(rest, .milliseconds(1)))
            }
            candidate = min(transfer.dispatched + timeouts.connect, now + soonest)
        }
        // A look that changed nothing is not repeated at once.
        let next = min(transfer.dispatched + timeouts.total, candidate > now ? candidate : now + .milliseconds(1))
        return cancellationDeadline(of: transfer).map { min(next, $0) } ?? next
    }

    /// Does what other threads asked for.
    func obeyCommands() {
        for command in commands.takeAll() {
            switch command {
            case .stop: source.stop()
            case .cancel:
                source.stop()
                for (token, entry) in inFlight {
                    entry.transfer.ownEnd = .cancelled
                    end(token: token, code: CURLE_ABORTED_BY_CALLBACK)
                }
            case .progress(let token, let deadline):
                guard let entry = inFlight[token] else { continue }
                entry.transfer.isQuestionOpen = false
                entry.transfer.progressDeadline = deadline
                deadlines.add(deadline, token: token)
            case .cancelTransfer(let token):
                if let entry = inFlight[token] { cancel(entry.transfer) }
            case .found(let next, let token): source.found(next, after: token, at: MonotonicClock.now())
            case .end(let token, let reason):
                guard let entry = inFlight[token] else { continue }
                entry.transfer.ownEnd = reason
                end(token: token, code: CURLE_ABORTED_BY_CALLBACK)
            }
        }
    }
}
