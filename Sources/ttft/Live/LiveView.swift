import Glibc
import Report

/// Draws a run on the terminal behind standard error, five times a second, and listens to keys.
///
/// Used by its own thread alone.
struct LiveView {
    private static let frameMilliseconds: Int32 = 200

    private let feed: ProgressFeed
    private let hasColor: Bool
    private let hasKeys = TerminalGuard.hasKeys
    private var meter = ProcessorMeter()
    private var processorShare: Double?
    private var isPaused = false
    private var showsErrors = false
    private var drawn: [String] = []
    private var drawnSize = (columns: 0, rows: 0)
    private var frame = 0

    init(feed: ProgressFeed, hasColor: Bool) {
        self.feed = feed
        self.hasColor = hasColor
    }

    /// Draws until it is told to end, and gives the terminal back.
    mutating func run(until stop: BackgroundThread.Stop) {
        defer { TerminalGuard.leave() }
        repeat {
            guard TerminalGuard.canDraw else { continue }
            if TerminalGuard.enter() { drawn = [] }
            readKeys()
            draw()
        } while !stop.wait(milliseconds: Self.frameMilliseconds, orInput: hasKeys ? STDIN_FILENO : -1)
    }

    private mutating func readKeys() {
        guard hasKeys else { return }
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) > 0 else { return }
        var keys = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &keys, keys.count)
        for key in keys.prefix(max(0, count)) {
            switch key {
            // As Ctrl-C: the first ends in order, the second at once.
            case UInt8(ascii: "q"): kill(getpid(), SIGINT)
            case UInt8(ascii: "p"):
                isPaused.toggle()
                drawn = []
            case UInt8(ascii: "l"): showsErrors.toggle()
            default: break
            }
        }
    }

    private mutating func draw() {
        let size = Terminal.size(of: STDERR_FILENO)
        if size != drawnSize { drawn = [] }
        if isPaused, !drawn.isEmpty { return }
        // Over a second, since a share of 200 ms says little.
        if frame % 5 == 0 { processorShare = meter.share() ?? processorShare }
        frame += 1
        let options = LiveScreen.Options(
            color: hasColor, unicode: Environment.hasUnicode, width: size.columns, height: size.rows, hasKeys: hasKeys,
            isPaused: isPaused, showsErrors: showsErrors)
        let lines = LiveScreen(feed.state(processorShare: processorShare), options: options).lines
        var output = drawn.isEmpty ? "\u{1b}[2J" : ""
        for row in 0..<max(lines.count, drawn.count) {
            let line = row < lines.count ? lines[row] : ""
            if row < drawn.count, drawn[row] == line { continue }
            output += "\u{1b}[\(row + 1);1H\(line)\u{1b}[K"
        }
        drawn = lines
        drawnSize = size
        // After a signal the terminal is somebody else's.
        if TerminalGuard.canDraw, !output.isEmpty { Output.raw(output) }
    }
}
