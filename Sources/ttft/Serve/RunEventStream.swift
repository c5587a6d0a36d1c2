import Glibc
import Metrics
import Report
import Store
import Timeline

/// A run as server-sent events, from the rows that its writer has committed.
///
/// Each attempt is an event whose id is the number of its row: who names the last one that came gets those behind it,
/// none twice and none left out. The figures so far are events without an id, since a later one replaces them.
struct RunEventStream {
    private static let pollMilliseconds: Int32 = 250
    private static let batch = 256
    /// Without a word for so long a proxy may take the connection for dead.
    private static let keepAlive = Nanoseconds.seconds(10)

    private let reader: RunReader
    private let run: RunDescription
    /// The last row that the client has.
    private let resumedAfter: Int
    private var tally: LiveTally
    private var measuredStarts: [Instant?]
    private var lastRow = 0

    /// Opens a connection of its own; `lastEventID` is what the client says that it has.
    init(run: RunDescription, database: String, lastEventID: String?) throws {
        reader = try RunReader(readingOnly: database)
        self.run = run
        // An id that no row has yet was given out by another database: its client has nothing of this one.
        let named = lastEventID.flatMap(Int.init) ?? 0
        resumedAfter = try named <= reader.latestRow() ? named : 0
        tally = LiveTally(run: run)
        measuredStarts = run.targets.map { _ in nil }
    }

    /// Sends until the run is over or the client is gone.
    mutating func send(to connection: WebConnection) {
        let headers = WebResponse.common + [("Content-Type", "text/event-stream"), ("X-Accel-Buffering", "no")]
        guard connection.send(WebResponse.head(200, headers) + "retry: 1000\n\n") else { return }
        var lastWord = MonotonicClock.now()
        do {
            while true {
                // In this order all rows of a run that is over have been committed when they are read.
                let status = try reader.status(of: run)
                let isOver = status != .unfinished || !reader.isBeingWritten(run)
                let text = try news()
                let isFinal = isOver && text.isEmpty
                let now = MonotonicClock.now()
                if isFinal {
                    _ = connection.send(figures(at: now) + Self.end(status))
                    return
                }
                if !text.isEmpty || now - lastWord > Self.keepAlive {
                    let isSent = connection.send(text.isEmpty ? ": still here\n\n" : text + figures(at: now))
                    guard isSent else { return }
                    lastWord = now
                }
                if text.isEmpty, !connection.wait(milliseconds: Self.pollMilliseconds) { return }
            }
        } catch {
            // What cannot be read now may be readable when the client asks again.
            Output.note("ttft: \(error)")
        }
    }

    /// The events of the rows that have been committed since the last look.
    private mutating func news() throws -> String {
        if lastRow == 0 {
            guard let first = try reader.firstRow(of: run) else { return "" }
            lastRow = first - 1
        }
        var text = ""
        var (tally, measuredStarts, lastRow) = (tally, measuredStarts, lastRow)
        // Rows that the client has already are counted, and not told again.
        repeat {
            let count = try reader.forEachRecord(of: run, after: lastRow, limit: Self.batch) { row, record in
                lastRow = row
                tally.add(record)
                Self.note(record, in: &measuredStarts, of: run)
                if row > resumedAfter { text += LiveRequest(record, run: run).event(id: row) }
            }
            if count < Self.batch { break }
        } while text.isEmpty
        (self.tally, self.measuredStarts, self.lastRow) = (tally, measuredStarts, lastRow)
        return text
    }

    private static func note(_ record: StreamRecord, in starts: inout [Instant?], of run: RunDescription) {
        guard record.phase == .measured, let dispatched = record.dispatched,
            let index = run.targets.firstIndex(where: { $0.name == record.target })
        else { return }
        starts[index] = min(starts[index] ?? dispatched, dispatched)
    }

    private func figures(at now: Instant) -> String {
        let end = (try? reader.run(id: run.id))?.ended ?? now
        let figures = tally.figures(at: end, dispatch: DispatchState(measuredStarts: measuredStarts))
        return "event: figures\ndata: \(LiveJSON(LiveState(run: run, figures: figures)).text)\n\n"
    }

    private static func end(_ status: RunStatus?) -> String {
        let value: JSONValue = ["status": .string(status?.rawValue ?? "deleted")]
        return "event: end\ndata: \(value.text)\n\n"
    }
}
