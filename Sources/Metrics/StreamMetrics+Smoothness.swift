import Timeline

/// How evenly the text came: the gaps, seen by the one who reads.
extension StreamMetrics {
    /// A gap beyond this is seen as a stutter, in milliseconds.
    static let stutterThreshold = 50.0
    /// A gap up to this is shorter than a frame of a screen, in milliseconds.
    static let flowThreshold = 10.0
    /// No gap below this is a stall, in milliseconds.
    static let stallThreshold = 250.0
    /// A stall is longer than so many median gaps of its own stream.
    static let stallFactor = 5.0
    /// An event sooner than this after the one before belongs to a burst, in milliseconds.
    static let burstThreshold = 1.0
    /// The pace at which a smoother plays text for `smooth_delay`, in tokens per second: one every 50 ms.
    package static let smoothPace = 20.0
    /// The pace of silent reading for `reader_gain`, in tokens per second.
    ///
    /// 238 words a minute (Brysbaert 2019, 190 studies) at 1.33 tokens a word.
    package static let readingPace = 5.3

    /// The share of the streaming time spent in gaps beyond 50 ms.
    package var stutterIndex: Double? {
        guard gapTally.count > 0, let duration = streamDuration, duration > 0 else { return nil }
        return gapTally.stutter / duration
    }

    package var flowShare: Double? {
        gapTally.count == 0 ? nil : Double(gapTally.flowing) / Double(gapTally.count)
    }

    /// The share of content events after the first that came with the one before, or less than 1 ms after it.
    package var burstShare: Double? {
        guard record.hasEveryEvent, landmarks.contentCount > 1 else { return nil }
        let together = landmarks.contentCount - reads.count
        return Double(together + gapTally.soon) / Double(landmarks.contentCount - 1)
    }

    /// A gap is a stall beyond this, in milliseconds; nil without a gap.
    var stallLimit: Double? { GapTally.stallLimit(gaps) }

    package var stallCount: Int? {
        guard gapTally.count > 0 else { return landmarks.contentCount == 0 || !record.hasEveryEvent ? nil : 0 }
        return gapTally.stalls
    }

    /// What stalls took beyond the limit that makes them stalls.
    package var stallTime: Double? { stallCount == nil ? nil : gapTally.stallTime }

    /// The extra wait after the first token with which a player of so many tokens per second never runs dry.
    package func smoothDelay(pace: Double = smoothPace) -> Double? {
        guard record.hasEveryEvent, let first = reads.first else { return nil }
        var tokensBefore = 0
        var delay = 0.0
        for read in reads {
            delay = max(delay, (read.arrival - first.arrival).milliseconds - Double(tokensBefore) * 1000 / pace)
            tokensBefore += read.tokens
        }
        return delay
    }

    /// How much of the wait for the whole answer streaming takes away.
    package var streamGain: Double? {
        guard let firstAnswer = timeToFirstAnswerToken, let endToEnd, endToEnd > 0 else { return nil }
        return 1 - firstAnswer / endToEnd
    }

    /// How much earlier a reader finishes who reads along, compared with one who gets the whole answer at its end.
    package func readerGain(pace: Double = readingPace) -> Double? {
        guard let endToEnd, let total = tokens.total, let finish = readingEnd(pace: pace) else { return nil }
        return endToEnd + Double(total) * 1000 / pace - finish
    }

    /// The share of token deadlines that were met; deadlines are in milliseconds.
    ///
    /// The fluidity index of Etalon (Agrawal et al. 2024): a token that comes early lends its time to the next; one that
    /// comes late misses every deadline that passes meanwhile, and starts afresh. Tokens that came with one read are
    /// one that took the gap, and others that took no time.
    package func fluidityIndex(firstDeadline: Double, deadline: Double = 50) -> Double? {
        guard let firstToken = timeToFirstToken, let first = reads.first, record.hasEveryEvent else { return nil }
        var deadlines = TokenDeadlines(first: firstDeadline / 1000, later: deadline / 1000)
        deadlines.takeFirst(firstToken / 1000)
        deadlines.takeTogether(max(0, first.tokens - 1))
        for gap in tokenGaps {
            deadlines.take(gap.length / 1000)
            deadlines.takeTogether(gap.tokens - 1)
        }
        return 1 - deadlines.missed / deadlines.total
    }
}

/// The count of deadlines met and missed.
///
/// In seconds and in floating point as Etalon counts, since a token that comes just at a deadline is decided by rounding.
private struct TokenDeadlines {
    let first: Double
    let later: Double
    var slack = 0.0
    var missed = 0.0
    var total = 0.0

    init(first: Double, later: Double) {
        self.first = first
        self.later = later
    }

    mutating func takeFirst(_ time: Double) {
        if time <= first + slack {
            slack += first - time
            total += 1
        } else {
            miss(1 + wholeDeadlines(in: time - slack - first))
        }
    }

    mutating func take(_ time: Double) {
        if time <= later + slack {
            slack += later - time
            total += 1
        } else {
            miss(wholeDeadlines(in: time - slack))
        }
    }

    mutating func takeTogether(_ tokens: Int) {
        for _ in 0..<max(0, tokens) { take(0) }
    }

    private mutating func miss(_ deadlines: Double) {
        missed += deadlines
        total += deadlines
        slack = 0
    }

    /// The exact quotient without its fraction, which is not the rounded quotient's floor.
    private func wholeDeadlines(in time: Double) -> Double {
        ((time - time.truncatingRemainder(dividingBy: later)) / later).rounded()
    }
}
