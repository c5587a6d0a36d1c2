import Testing
import Timeline

@testable import Wire

/// Headers as providers document them; dates are of the IETF's own examples.
@Suite("Rate limits")
struct RateLimitTests {
    private func limits(_ headers: (String, String)...) -> RateLimits? {
        RateLimits(headers: headers.map { HeaderField($0.0, $0.1) })
    }

    private static let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")

    @Test(
        arguments: [
            ([("Retry-After", "17")], 17_000), ([("Retry-After", "0.25")], 250),
            ([("retry-after-ms", "1234.5")], 1234.5),
            ([("Retry-After", "17"), ("retry-after-ms", "300")], 300), ([("Retry-After", "0")], 0),
            ([date, ("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")], 30_000),
            ([("Retry-After", "Mon, 07 Nov 1994 08:49:37 GMT"), date], 86_400_000),
            ([date, ("Retry-After", "Sunday, 06-Nov-94 08:50:07 GMT")], 30_000),
            ([date, ("Retry-After", "Sun Nov  6 08:50:07 1994")], 30_000),
            ([("Date", "Mon Nov 23 10:00:00 2026"), ("Retry-After", "Monday, 23-Nov-26 10:00:01 GMT")], 1000),
            // A date in the past is due now; the end of time is a year away.
            ([date, ("Retry-After", "Sat, 05 Nov 1994 08:49:37 GMT")], 0),
            ([date, ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")], 365 * 86_400_000),
            ([("Retry-After", "99999999999999999999999")], 365 * 86_400_000),
            ([("Retry-After", "5"), ("retry-after-ms", "soon")], 5000),
        ] as [([(String, String)], Double)])
    func `what the server asks to wait is read in each of its forms`(_ headers: [(String, String)], _ expected: Double)
    {
        let found = RateLimits(headers: headers.map { HeaderField($0.0, $0.1) })
        #expect(found?.retryAfter == .milliseconds(expected))
    }

    @Test(arguments: [
        "-1", "nan", "inf", "0x10", "1e3", "soon", "", "17s", "Sunday, 6-Nov-1994 08:50:07 GMT", "a b c d e",
    ])
    func `what is no number and no date asks for nothing`(_ text: String) {
        #expect(limits(("Retry-After", text)) == nil)
    }

    @Test func `whether to retry is the server's to say`() {
        #expect(limits(("X-Should-Retry", "true"))?.shouldRetry == true)
        #expect(limits(("x-should-retry", "false"))?.shouldRetry == false)
        #expect(limits(("x-should-retry", "maybe")) == nil)
    }

    @Test func `OpenAI's limits have lengths as Go writes them`() {
        let found = limits(
            ("x-ratelimit-limit-requests", "500"), ("x-ratelimit-remaining-requests", "499"),
            ("x-ratelimit-reset-requests", "120ms"), ("x-ratelimit-limit-tokens", "30000"),
            ("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "1h6m0.5s"))
        #expect(
            found?.allowances == [
                RateLimits.Allowance(name: "requests", limit: 500, remaining: 499, reset: .milliseconds(120)),
                RateLimits.Allowance(name: "tokens", limit: 30000, remaining: 0, reset: .milliseconds(3_960_500)),
            ])
        #expect(found?.retryAfter == nil)
    }

    @Test func `Anthropic's limits have dates of RFC 3339, which the response's own date places`() {
        let headers = [
            ("anthropic-ratelimit-input-tokens-limit", "50000"), ("anthropic-ratelimit-input-tokens-remaining", "12"),
            ("anthropic-ratelimit-input-tokens-reset", "1994-11-06T10:49:38.5+02:00"),
        ].map { HeaderField($0.0, $0.1) }
        let dated = RateLimits(headers: headers + [HeaderField(Self.date.0, Self.date.1)])
        #expect(
            dated?.allowances == [
                RateLimits.Allowance(name: "input-tokens", limit: 50000, remaining: 12, reset: .milliseconds(1500))
            ])
    }

    @Test func `without the response's date the wall clock stands for the present`() {
        let headers = [HeaderField("Retry-After", Self.date.1), HeaderField("RateLimit-Reset", Self.date.1)]
        // 784111777 is that date, by `date -d '1994-11-06 08:49:37 UTC' +%s`.
        let limits = RateLimits(headers: headers, now: 784_111_770)
        #expect(limits?.retryAfter == .seconds(7) && limits?.allowances.first?.reset == .seconds(7))
        // This machine's clock is far behind that date.
        #expect(RateLimits(headers: headers)?.retryAfter == .zero)
        let far = [HeaderField("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")]
        #expect(RateLimits(headers: far)?.retryAfter == RateLimits.longestWait)
    }

    @Test func `resets count in seconds from now, or since 1970 in seconds or milliseconds`() {
        func reset(_ value: String) -> Nanoseconds? {
            limits(Self.date, ("RateLimit-Reset", value))?.allowances.first?.reset
        }
        // 784111777 is the date above, by `date -d '1994-11-06 08:49:37 UTC' +%s`; today's are of ten digits.
        #expect(reset("50") == .seconds(50))
        #expect(reset("784111827") == .seconds(365 * 86_400))
        let today = ("Date", "Sun, 22 Nov 2026 20:30:00 GMT")
        #expect(limits(today, ("X-RateLimit-Reset", "1795379430"))?.allowances.first?.reset == .seconds(30))
        #expect(limits(today, ("X-RateLimit-Reset", "1795379400250"))?.allowances.first?.reset == .milliseconds(250))
    }

    @Test func `headers without limits say nothing`() {
        #expect(limits(Self.date, ("content-type", "text/html"), ("x-ratelimit-policy", "strict")) == nil)
    }
}
