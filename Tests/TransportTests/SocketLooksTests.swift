import Testing
import Timeline

@testable import Transport

@Suite("Looks at sockets")
struct SocketLooksTests {
    /// Takes a look and returns which sockets were told to have been empty, and when.
    private func look(
        _ looks: inout SocketLooks, at instant: Int64, reporting descriptors: [Int32], isComplete: Bool = true
    ) -> [Int32: Int64] {
        var told: [Int32: Int64] = [:]
        looks.look(at: Instant(nanoseconds: instant), reporting: descriptors, isComplete: isComplete) {
            told[$0] = $1.nanoseconds
        }
        return told
    }

    @Test func `a socket that a look did not report was empty when that look began`() {
        var looks = SocketLooks()
        looks.watch(7, forReading: true)
        #expect(look(&looks, at: 100, reporting: []) == [:])
        #expect(look(&looks, at: 200, reporting: [7]) == [7: 100])
        // It waited to be read at 200 and may have been so ever since.
        #expect(look(&looks, at: 300, reporting: [7]) == [:])
        #expect(look(&looks, at: 400, reporting: []) == [:])
        #expect(look(&looks, at: 500, reporting: [7]) == [7: 400])
    }

    @Test func `a look tells nothing of sockets that were not yet watched for reading`() {
        var looks = SocketLooks()
        looks.watch(3, forReading: false)
        #expect(look(&looks, at: 100, reporting: []) == [:])
        #expect(look(&looks, at: 200, reporting: [3, 9]) == [:])
        #expect(look(&looks, at: 300, reporting: []) == [:])
        looks.watch(3, forReading: true)
        #expect(look(&looks, at: 400, reporting: [3]) == [:])
    }

    @Test func `a look that had no room for all tells nothing of those that it left out`() {
        var looks = SocketLooks()
        for descriptor: Int32 in [1, 2] { looks.watch(descriptor, forReading: true) }
        #expect(look(&looks, at: 100, reporting: []) == [:])
        #expect(look(&looks, at: 200, reporting: [1], isComplete: false) == [1: 100])
        #expect(look(&looks, at: 300, reporting: [1, 2]) == [1: 100, 2: 100])
    }
}
