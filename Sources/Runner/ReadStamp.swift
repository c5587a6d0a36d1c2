package import Timeline

/// What is known of when a read's bytes arrived, and which other reads' bytes came together with them.
///
/// The transport reads event by event, also where several wait in the socket. Such reads are one to everybody else: a
/// proxy's burst is no run of tokens a few microseconds apart.
package struct ReadStamp: Equatable {
    /// Reads whose bytes came together share it; counts from 0.
    package var number: Int
    package var arrival: Instant
    package var reading: Instant
    package var lateBound: Nanoseconds

    package init(number: Int = 0, arrival: Instant, reading: Instant, lateBound: Nanoseconds) {
        self.number = number
        self.arrival = arrival
        self.reading = reading
        self.lateBound = lateBound
    }

    package init(_ read: BodyCapture.Read) {
        self.init(arrival: read.arrival, reading: read.reading, lateBound: read.lateBound)
    }

    /// Whether the arrival is merely when the bytes were read.
    private var isReading: Bool { arrival == reading }

    /// Whether no time between the two is known: the kernel stamped them with one instant, or nothing stamped them and
    /// the socket was not seen empty in between.
    private func came(with earlier: ReadStamp) -> Bool {
        if arrival == earlier.arrival { return true }
        return isReading && earlier.isReading && arrival - lateBound == earlier.arrival - earlier.lateBound
    }

    /// Numbers the reads of one stream; those that came together share a reading instant where that is all there is.
    package static func numbered(_ stamps: [ReadStamp]) -> [ReadStamp] {
        var numbered = inOrder(stamps)
        for index in stamps.indices.dropFirst() {
            let isNew = !numbered[index].came(with: numbered[index - 1])
            numbered[index].number = numbered[index - 1].number + (isNew ? 1 : 0)
        }
        // The last one's instant stands for all: that of the first would date bytes before they can have been sent.
        for index in stamps.indices.dropLast().reversed()
        where numbered[index].isReading && numbered[index].number == numbered[index + 1].number {
            numbered[index] = numbered[index + 1]
        }
        return numbered
    }

    /// Makes the arrivals rise with the stream, as TCP hands its bytes over.
    ///
    /// Bytes whose kernel stamp is missing were there at the latest when those behind them were; and bytes that overtook
    /// others in the network can be read no earlier than those.
    private static func inOrder(_ stamps: [ReadStamp]) -> [ReadStamp] {
        var ordered = stamps
        for index in stamps.indices.dropLast().reversed()
        where ordered[index].isReading && ordered[index].arrival > ordered[index + 1].arrival {
            let gain = ordered[index].arrival - ordered[index + 1].arrival
            ordered[index].arrival = ordered[index + 1].arrival
            ordered[index].lateBound = max(ordered[index + 1].lateBound, ordered[index].lateBound - gain)
        }
        for index in stamps.indices.dropFirst() where ordered[index].arrival < ordered[index - 1].arrival {
            ordered[index].arrival = ordered[index - 1].arrival
            ordered[index].lateBound = ordered[index - 1].lateBound
        }
        return ordered
    }
}
