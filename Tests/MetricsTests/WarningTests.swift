import Metrics
import TestSupport
import Testing
import Timeline

struct WarningTests {
    private func warnings(
        _ diagram: String, usage: TokenUsage? = TokenUsage(output: 3), warmup: Bool = true,
        changing change: (inout StreamRecord) -> Void = { _ in }
    ) -> [String] {
        var record = StreamRecord(diagram: diagram, tick: .milliseconds(10), usage: usage)
        change(&record)
        var warm = record
        warm.phase = .warmup
        return RunSummary(run: .fixture(), records: warmup ? [warm, record] : [record]).targets[0].warnings
    }

    /// Whether there is one warning and it has the words.
    private func only(_ warnings: [String], _ words: String) -> Bool {
        warnings.count == 1 && warnings[0].contains(words)
    }

    @Test func `a plain stream after warm-up gives no warning`() {
        #expect(warnings("-a-b-c|").isEmpty)
    }

    @Test func `each oddity gives its own warning`() {
        #expect(only(warnings("-a-b-c|", warmup: false), "warmup: {requests: 10}"))
        #expect(only(warnings("-a-b-c|", usage: nil), "one per event"))
        #expect(only(warnings("-a-b-c|", usage: TokenUsage(output: 9, reasoning: 6)), "never shown"))
        #expect(only(warnings("-a-(bc)(de)|"), "1.7 content events"))
        #expect(only(warnings("-a-b-c|") { $0.sendCount = 2 }, "sent more than once"))
        #expect(only(warnings("-a-b-c|") { $0.outputLength = .exactly(4) }, "the 4 tokens"))
        #expect(warnings("-a-b-c|") { $0.outputLength = .exactly(3) }.isEmpty)
        #expect(warnings("-a-b-c|") { $0.outputLength = .atMost(4) }.isEmpty)
        #expect(only(warnings("-a-b-x"), "None of the 1 measured attempts is complete"))
    }

    @Test func `another HTTP version than was asked for gives a warning`() {
        let warnings = { (asked: Target.HTTPVersion, baseURL: String, diagram: String, answered: String?) in
            var record = StreamRecord(diagram: diagram, tick: .milliseconds(10), usage: TokenUsage(output: 3))
            record.httpVersion = answered
            var warm = record
            warm.phase = .warmup
            var run = RunDescription.fixture()
            run.targets[0].httpVersion = asked
            run.targets[0].baseURL = baseURL
            return RunSummary(run: run, records: [warm, record]).targets[0].warnings
        }
        let url = "https://127.0.0.1/v1"
        #expect(only(warnings(.two, url, "-a-b-c|", "1.1"), "1 of 1 attempts were answered over HTTP/1.1"))
        #expect(warnings(.two, url, "-a-b-c|", "2").isEmpty)
        #expect(warnings(.one, url, "-a-b-c|", "1.1").isEmpty)
        #expect(warnings(.two, "http://127.0.0.1/v1", "-a-b-x", nil).first?.contains("without TLS") == true)
    }

    @Test func `an answer in one burst at its end was buffered`() {
        let burst = TokenUsage(output: 40)
        #expect(warnings("---------------(abcdef)|", usage: burst).contains { $0.contains("proxy_buffering off") })
        #expect(!warnings("---(abcdef)-----------|", usage: burst).contains { $0.contains("proxy_buffering") })
        #expect(!warnings("---------------(ab)|").contains { $0.contains("proxy_buffering") })
    }

    @Test func `more than one model or fingerprint is told`() {
        var first = StreamRecord(diagram: "-a-b-c|", tick: .milliseconds(10), usage: TokenUsage(output: 3))
        var second = first
        (first.servedModel, second.servedModel) = ("m-2", "m-1")
        let models = RunSummary(run: .fixture(), records: [first, second]).targets[0].warnings
        #expect(models.first?.contains("2 models (m-1, m-2) answered") == true)
        second.servedModel = "m-2"
        (first.systemFingerprint, second.systemFingerprint) = ("fp-a", "fp-b")
        let fingerprints = RunSummary(run: .fixture(), records: [first, second]).targets[0].warnings
        #expect(fingerprints.first?.contains("2 system fingerprints (fp-a, fp-b) answered") == true)
    }
}
