import Timeline

/// Events that wait to leave together, where a script releases them in groups.
struct Outbox {
    /// What releases the events that wait.
    enum Release: Equatable {
        /// Nothing waits: every event leaves by itself.
        case atOnce
        /// A number of content events; others leave with what waits.
        case afterEvents(Int)
        /// A time after the first of them, as in a proxy.
        case after(Nanoseconds)
        /// The end of the answer.
        case atEnd
    }

    struct Label {
        var kind: SendLogEntry.Kind
        var tokens: Int
    }

    let release: Release
    private(set) var bytes: [UInt8] = []
    private(set) var labels: [Label] = []
    /// When the events that wait are to leave; nil where nothing waits or no time decides.
    private(set) var due: Instant?

    init(script: StreamScript, fault: Fault?) {
        switch fault {
        case .oneSegment: release = .atEnd
        case .twoPerSegment: release = .afterEvents(2)
        default:
            if let length = script.buffering {
                release = .after(max(length, .milliseconds(1)))
            } else {
                release = script.burst > 1 ? .afterEvents(script.burst) : .atOnce
            }
        }
    }

    /// Whether events of this kind wait at all.
    func holds(_ kind: SendLogEntry.Kind) -> Bool {
        switch release {
        case .atOnce: false
        case .afterEvents: kind != .role && kind != .comment
        case .after, .atEnd: true
        }
    }

    /// Adds an event; true where all that waits is to leave now.
    mutating func hold(_ bytes: [UInt8], _ label: Label, now: Instant) -> Bool {
        self.bytes += bytes
        labels.append(label)
        switch release {
        case .atOnce: return true
        case .afterEvents(let count): return labels.lazy.filter { $0.tokens > 0 }.count >= count
        case .after(let length):
            if due == nil { due = now + length }
            return false
        case .atEnd: return false
        }
    }

    /// Takes out all that waits.
    mutating func take() -> (bytes: [UInt8], labels: [Label]) {
        defer { (bytes, labels, due) = ([], [], nil) }
        return (bytes, labels)
    }
}
