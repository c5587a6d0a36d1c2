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
        #expect(only(warnings("-a-(bc)(de)|", usage: TokenUsage(output: 5)), "1.7 content events"))
        #expect(only(warnings("-a-b-c|") { $0.sendCount = 2 }, "sent more than once"))
        #expect(only(warnings("-a-b-c|") { $0.outputLength = .exactly(4) }, "the 4 tokens"))
        #expect(warnings("-a-b-c|") { $0.outputLength = .exactly(3) }.isEmpty)
        #expect(warnings("-a-b-c|") { $0.outputLength = .atMost(4) }.isEmpty)
        #expect(only(warnings("-a-b-x"), "None of the 1 measured attempts is complete"))
    }

    @Test func `a token count that its stream contradicts is told with what it changes`() {
        let count = { (output: Int) in TokenUsage(output: output) }
        let many = warnings("-a-b-c|", usage: count(1_000_000)) { $0.outputLength = .atMost(64) }
        #expect(only(many, "does not fit 1 of 1 streams: more than the maximum asked for in 1; more than the text has"))
        #expect(many.first?.contains("TPOT, ITL, output speed and throughput go by that count") == true)
        #expect(only(warnings("-a-b-c|", usage: count(65)) { $0.outputLength = .atMost(64) }, "maximum asked for in 1"))
        #expect(only(warnings("-a-b-c|", usage: count(2)), "fewer than content events"))
        #expect(warnings("-a-b-c|", usage: count(0)).contains { $0.contains("0 beside content") })
        // Tokens without text, several tokens in an event, and reasoning that is not shown are no contradiction.
        #expect(warnings("-a-b-c|", usage: count(4)).isEmpty)
        #expect(
            warnings("-a-b-c|", usage: count(64)) { $0.outputLength = .atMost(64) }.allSatisfy { $0.contains("bytes") })
        let hidden = TokenUsage(output: 903, reasoning: 900)
        #expect(only(warnings("-a-b-c|", usage: hidden) { $0.outputLength = .atMost(64) }, "never shown"))
    }

    @Test func `empty answers are told, and stay complete`() {
        var record = StreamRecord(diagram: "-a-b-c|", tick: .milliseconds(10), usage: TokenUsage(output: 3))
        var warm = record
        warm.phase = .warmup
        let full = record
        record.outcome = StreamOutcome(.okEmpty)
        let summary = RunSummary(run: .fixture(), records: [warm, full, record, record]).targets[0]
        #expect(only(summary.warnings, "2 of 3 answers were empty"))
        #expect(summary.complete == 3)
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
