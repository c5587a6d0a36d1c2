package import Timeline
package import Transport

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

    package init(_ arrival: Arrival) {
        self.init(arrival: arrival.arrival, reading: arrival.reading, lateBound: arrival.lateBound)
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
        var numbered = stamps
        for index in stamps.indices.dropFirst() {
            let isNew = !stamps[index].came(with: stamps[index - 1])
            numbered[index].number = numbered[index - 1].number + (isNew ? 1 : 0)
        }
        // The last one's instant stands for all: that of the first would date bytes before they can have been sent.
        for index in stamps.indices.dropLast().reversed()
        where numbered[index].isReading && numbered[index].number == numbered[index + 1].number {
            numbered[index] = numbered[index + 1]
        }
        return numbered
    }
}
