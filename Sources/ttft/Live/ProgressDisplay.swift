import Report
import Runner
import Timeline

/// What people and programs see of a run on standard error while it goes on, from a thread of its own.
final class ProgressDisplay {
    private let feed: ProgressFeed
    private let form: ProgressForm
    private var thread: BackgroundThread?
    private var notes: [String] = []

    init(of run: RunDescription, as form: ProgressForm, color: ColorChoice) {
        let feed = ProgressFeed(run: run)
        let hasColor = color.isOn(isTerminal: Output.isNoteTerminal)
        self.feed = feed
        self.form = form
        switch form {
        case .live:
            TerminalGuard.unblockSignals()
            thread = BackgroundThread { stop in
                var view = LiveView(feed: feed, hasColor: hasColor)
                view.run(until: stop)
            }
        case .plain:
            thread = BackgroundThread { stop in
                while !stop.wait(milliseconds: 5000) { Output.note(LiveLine(feed.state()).text) }
            }
        case .json:
            thread = BackgroundThread { stop in
                while !stop.wait(milliseconds: 1000) { Self.print(LiveJSON(feed.state())) }
            }
        case .auto, .none: break
        }
    }

    /// As it is: what makes a text harmless for a terminal could make JSON malformed, which has no control characters.
    private static func print(_ json: LiveJSON) { Output.raw("\(json.text)\n") }

    /// Where the run is to count what it sends; nil where nobody watches.
    var counts: DispatchCounts? { thread == nil ? nil : feed.counts }

    /// Adds to the figures; where nobody watches, they cost nothing.
    func add(_ records: [StreamRecord]) {
        if thread != nil { feed.add(records) }
    }

    /// Tells people something; while a view is drawn it stands there, and is printed once that is gone.
    func note(_ text: String) {
        guard form == .live else { return Output.note(text) }
        notes.append(text)
        feed.add(notice: text)
    }

    /// Ends the display; the terminal is as it was, and a program has had the last counts.
    func close() {
        guard let thread else { return }
        thread.end()
        self.thread = nil
        if form == .json { Self.print(LiveJSON(feed.state())) }
        notes.forEach { Output.note($0) }
    }

    deinit { close() }
}
