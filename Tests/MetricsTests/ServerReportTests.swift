import TestSupport
import Testing
import Timeline

@testable import Metrics

/// Reports in the servers' own words, as their documentation shows them; the sums are worked out by hand.
struct ServerReportTests {
    private func report(_ timings: String, headers: [(String, String)] = []) throws -> ServerReport? {
        var record = StreamRecord(diagram: "-a-b-c|", tick: .milliseconds(10))
        record.serverTimings = timings.isEmpty ? nil : try JSONValue(parsing: timings)
        record.responseHeaders = headers.map { HeaderField($0.0, $0.1) }
        return ServerReport(record)
    }

    struct Case: Sendable {
        var timings: String
        var firstToken: Double?
        var total: Double?
    }

    static let cases = [
        Case(
            timings: #"{"timings":{"cache_n":0,"prompt_n":12,"prompt_ms":31.2,"predicted_n":1,"predicted_ms":8.9}}"#,
            firstToken: 31.2, total: 40.1),
        Case(
            timings: #"{"metrics":{"time_to_first_token_ms":41.0,"queue_time_ms":2.5,"mean_itl_ms":7.9}}"#,
            firstToken: 43.5),
        Case(
            timings: #"{"x_groq":{"id":"r","usage":{"queue_time":0.012,"prompt_time":0.004,"total_time":0.005}}}"#,
            firstToken: 16, total: 17),
        Case(
            timings: #"{"usage":{"queue_time":0.5,"prompt_time":0.25,"completion_time":1,"total_time":1.25}}"#,
            firstToken: 750, total: 1750),
        Case(
            timings:
                #"{"time_info":{"queue_time":0.001,"prompt_time":0.002,"completion_time":0.1,"total_time":0.104}}"#,
            firstToken: 3, total: 104),
        Case(
            timings: #"{"done":{"total_duration":412000000,"load_duration":9000000,"prompt_eval_duration":88000000}}"#,
            firstToken: 97, total: 412),
        // The whole prompt was cached: its duration of 0 is left out.
        Case(timings: #"{"total_duration":412000000,"load_duration":9000000}"#, firstToken: 9, total: 412),
        Case(timings: #"{"metrics":{"latencyMs":731}}"#, total: 731),
        Case(timings: #"{"timings":{"prompt_ms":-1},"metrics":{"latencyMs":"fast"},"time_info":null}"#),
        Case(timings: #"{"anything":{"else":1}}"#),
    ]

    @Test(arguments: cases) func `each server's own timing is understood`(_ expected: Case) throws {
        let found = try report(expected.timings)
        #expect(isClose(found?.firstToken?.milliseconds, expected.firstToken))
        #expect(isClose(found?.total?.milliseconds, expected.total))
        #expect(found?.headers == nil)
    }

    private func isClose(_ left: Double?, _ right: Double?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return abs(left - right) < 1e-9
    }

    @Test func `headers name the longest of what they know of`() throws {
        let found = try report(
            "",
            headers: [("OpenAI-Processing-Ms", "120"), ("x-envoy-upstream-service-time", "131"), ("x-request-id", "9")])
        #expect(found?.headers == ServerReport.Length(milliseconds: 131, resolution: 1))
        #expect(try report("", headers: [("server-timing", "gfet4t7; dur=842")])?.headers?.milliseconds == 842)
        #expect(try report("", headers: [("server-timing", "cache;desc=\"hit\", db;dur=53")]) == nil)
        #expect(try report("", headers: [("x-total-time", "77")])?.total?.milliseconds == 77)
        #expect(try report("", headers: [("openai-processing-ms", "nan"), ("x-total-time", "-5")]) == nil)
    }

    private func metrics(prompt: Double, decode: Double, headers: Double = 1) -> StreamMetrics {
        // First content after 10 ms, end after 60 ms; the headers came with the first event.
        var record = StreamRecord(diagram: "-a-b-c|", tick: .milliseconds(10))
        record.serverTimings = ["timings": ["prompt_ms": .number(prompt), "predicted_ms": .number(decode)]]
        record.responseHeaders = [HeaderField("openai-processing-ms", "\(headers)")]
        return StreamMetrics(record)
    }

    @Test func `the residual is the client's time less the server's`() {
        let stream = metrics(prompt: 4, decode: 40, headers: 3)
        #expect(stream.firstTokenResidual == 6)
        #expect(stream.endToEndResidual == 16)
        #expect(stream.headersResidual == 7)
    }

    @Test func `a server may not claim more than the client saw, beyond its rounding and the stamps' error`() throws {
        let floor = Nanoseconds.milliseconds(0.005)
        #expect(metrics(prompt: 4, decode: 40).excessOfServer(stampFloor: floor) == nil)
        #expect(metrics(prompt: 10.0055, decode: 40).excessOfServer(stampFloor: floor) == nil)
        #expect(isClose(metrics(prompt: 10.5, decode: 40).excessOfServer(stampFloor: floor), 0.494))
        #expect(isClose(metrics(prompt: 9, decode: 63).excessOfServer(stampFloor: floor), 11.994))
        // A header in whole milliseconds may be rounded up by one.
        #expect(metrics(prompt: 4, decode: 40, headers: 11).excessOfServer(stampFloor: floor) == nil)
        #expect(isClose(metrics(prompt: 4, decode: 40, headers: 13).excessOfServer(stampFloor: floor), 1.995))
    }
}
