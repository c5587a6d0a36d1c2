import Runner
import Testing
import Timeline

/// Which reads came together, worked by hand; instants in microseconds.
@Suite struct ReadStampTests {
    private func kernel(_ arrival: Int64, read reading: Int64, bound: Int64 = 20) -> ReadStamp {
        ReadStamp(
            arrival: Instant(nanoseconds: arrival * 1000), reading: Instant(nanoseconds: reading * 1000),
            lateBound: Nanoseconds(bound * 1000))
    }

    @Test func `reads with one kernel stamp are one, and keep their bounds`() {
        let stamps = [
            kernel(100, read: 150), kernel(300, read: 320, bound: 170), kernel(300, read: 325), kernel(301, read: 330),
        ]
        let numbered = ReadStamp.numbered(stamps)
        #expect(numbered.map(\.number) == [0, 1, 1, 2])
        #expect(numbered.map(\.arrival) == stamps.map(\.arrival))
        #expect(numbered.map(\.reading) == stamps.map(\.reading))
        #expect(numbered.map(\.lateBound) == stamps.map(\.lateBound))
    }

    @Test func `kernel stamps apart are reads apart, however long both waited`() {
        // Both may be as old as the empty socket at 50, but the stamps tell their order and their time.
        let stamps = [kernel(100, read: 150, bound: 50), kernel(120, read: 160, bound: 70)]
        #expect(ReadStamp.numbered(stamps).map(\.number) == [0, 1])
    }

    @Test func `reading instants since one empty socket are one, as the last of them`() {
        // The socket was last seen empty at 50, then at 131.
        let stamps = [
            kernel(100, read: 100, bound: 50), kernel(105, read: 105, bound: 55), kernel(130, read: 130, bound: 80),
            kernel(180, read: 180, bound: 49),
        ]
        let numbered = ReadStamp.numbered(stamps)
        #expect(numbered.map(\.number) == [0, 0, 0, 1])
        #expect(numbered.map(\.arrival.nanoseconds) == [130_000, 130_000, 130_000, 180_000])
        #expect(numbered.map(\.lateBound.count) == [80_000, 80_000, 80_000, 49_000])
    }

    @Test func `a read without a kernel stamp came no later than the stamped one behind it`() {
        // The second read bears no stamp: its bytes were there at 140, when those of the third came.
        let stamps = [
            kernel(100, read: 110), kernel(160, read: 160, bound: 50), kernel(140, read: 170), kernel(150, read: 180),
        ]
        let numbered = ReadStamp.numbered(stamps)
        #expect(numbered.map(\.arrival.nanoseconds) == [100_000, 140_000, 140_000, 150_000])
        #expect(numbered.map(\.reading) == stamps.map(\.reading))
        #expect(numbered.map(\.lateBound.count) == [20_000, 30_000, 20_000, 20_000])
        #expect(numbered.map(\.number) == [0, 1, 1, 2])
    }

    @Test func `bytes that overtook others arrive with those`() {
        let stamps = [kernel(100, read: 110), kernel(400, read: 420, bound: 30), kernel(300, read: 430)]
        let numbered = ReadStamp.numbered(stamps)
        #expect(numbered.map(\.arrival.nanoseconds) == [100_000, 400_000, 400_000])
        #expect(numbered.map(\.lateBound.count) == [20_000, 30_000, 30_000])
        #expect(numbered.map(\.number) == [0, 1, 1])
    }

    @Test func `no read and one read are numbered`() {
        #expect(ReadStamp.numbered([]) == [])
        #expect(ReadStamp.numbered([kernel(1, read: 2)]).map(\.number) == [0])
    }
}
