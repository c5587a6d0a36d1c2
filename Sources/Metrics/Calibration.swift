package import Timeline

/// What ttft was found to measure on one machine, at rising load.
package struct Calibration: Sendable, Equatable, Codable {
    /// The most that the 99th percentile of events may be off, in milliseconds, for which limits are told.
    package static let tolerances = [0.1, 1, 5]

    package var host: HostDescription
    package var toolVersion: String
    package var clockSource: ClockSource
    /// Nanoseconds since 1970; a label.
    package var measuredWallClock: Int64
    /// At rising load.
    package var steps: [CalibrationStep]

    package init(
        host: HostDescription, toolVersion: String, clockSource: ClockSource, measuredWallClock: Int64,
        steps: [CalibrationStep]
    ) {
        self.host = host
        self.toolVersion = toolVersion
        self.clockSource = clockSource
        self.measuredWallClock = measuredWallClock
        self.steps = steps
    }

    /// The highest load up to which every step kept to a tolerance in milliseconds; nil where the lowest did not.
    package func highestLoad(within tolerance: Double) -> CalibrationStep? {
        steps.prefix { $0.isWithin(tolerance) }.last
    }

    /// Whether it speaks of this machine and this version; another boot or another kernel is another machine.
    package func applies(to host: HostDescription, toolVersion: String) -> Bool {
        var (known, here) = (self.host, host)
        (known.bootID, here.bootID) = ("", "")
        return known == here && self.toolVersion == toolVersion
    }
}

/// What was measured at one load, against what the server says it sent.
package struct CalibrationStep: Sendable, Equatable, Codable {
    /// How far instants or times were off, in milliseconds; of magnitudes, so that early counts like late.
    package struct Spread: Sendable, Equatable, Codable {
        package var p50: Double
        package var p99: Double
        package var p999: Double
        package var max: Double

        package init(p50: Double, p99: Double, p999: Double, max: Double) {
            self.p50 = p50
            self.p99 = p99
            self.p999 = p999
            self.max = max
        }
    }

    package var streams: Int
    /// What the streams were to bring.
    package var plannedChunksPerSecond: Double
    /// What they brought while all of them were busy.
    package var chunksPerSecond: Double
    package var requests: Int
    /// Requests of which only one side knows, or the two sides know different numbers of events.
    package var unmatched: Int
    package var events: Int
    /// Each content event's arrival, less the instant just before the call that sent it.
    package var eventError: Spread?
    /// The same of the instants at which the events had been read.
    package var readingError: Spread?
    /// Each time to first token, less that from the request's last byte to the first content by the server's clock.
    package var firstTokenError: Spread?
    /// Of the whole of ttft, in microseconds: reading, decoding and storing.
    package var processorTimePerChunk: Double
    /// How late the server's own sends were after their schedule at most, in milliseconds.
    package var serverLateness: Double

    package init(
        streams: Int, plannedChunksPerSecond: Double, chunksPerSecond: Double, requests: Int, unmatched: Int,
        events: Int, eventError: Spread?, readingError: Spread?, firstTokenError: Spread?,
        processorTimePerChunk: Double, serverLateness: Double
    ) {
        self.streams = streams
        self.plannedChunksPerSecond = plannedChunksPerSecond
        self.chunksPerSecond = chunksPerSecond
        self.requests = requests
        self.unmatched = unmatched
        self.events = events
        self.eventError = eventError
        self.readingError = readingError
        self.firstTokenError = firstTokenError
        self.processorTimePerChunk = processorTimePerChunk
        self.serverLateness = serverLateness
    }

    /// Whether all requests were matched and 99 of 100 events were off by no more than so many milliseconds.
    package func isWithin(_ tolerance: Double) -> Bool {
        guard unmatched == 0, let eventError else { return false }
        return eventError.p99 <= tolerance
    }

    /// The one of two tries at the same load that tells more of the machine, and less of its neighbours.
    package func better(_ other: CalibrationStep) -> CalibrationStep {
        guard unmatched == other.unmatched else { return unmatched < other.unmatched ? self : other }
        return eventError?.p99 ?? .infinity <= other.eventError?.p99 ?? .infinity ? self : other
    }
}
