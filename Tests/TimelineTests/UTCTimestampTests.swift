import Testing
import Timeline

struct UTCTimestampTests {
    // From `date -u -d @SECONDS`.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_795_372_030_042_999_999, "2026-11-22T18:27:10.042Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"), (-1_000_000, "1969-12-31T23:59:59.999Z"),
            (4_107_542_399_000_000_000, "2100-02-28T23:59:59.000Z"),
        ] as [(Int64, String)])
    func `a wall clock label is a date in UTC`(nanoseconds: Int64, text: String) {
        #expect(UTCTimestamp(nanosecondsSince1970: nanoseconds).iso8601 == text)
    }

    @Test func `microseconds are cut off, not rounded`() {
        let timestamp = UTCTimestamp(nanosecondsSince1970: 1_795_372_030_042_999_999)
        #expect(timestamp.iso8601InMicroseconds == "2026-11-22T18:27:10.042999Z")
        #expect(timestamp.spoken == "2026-11-22 18:27:10 UTC")
    }
}
