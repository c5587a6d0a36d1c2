import Scenarios
import Timeline
import Transport
import Wire

/// The answers of one server to questions for its metrics, one after the other.
final class MetricsAnswers: @unchecked Sendable {
    // Invariant: asked by one thread at a time, the one that starts and then the one that was started.
    private let plan: ServerMetricsPlan
    private let access: MetricsAccess
    private let fetcher = Fetcher()
    private let selectors: [MetricSelector?]
    private var slots = LlamaSlots()
    /// Of the latest answer, where a gauge is not among them.
    private var names: [String] = []

    /// An answer that is not there by then is none.
    private static let timeout = Nanoseconds.seconds(2)

    init(plan: ServerMetricsPlan, access: MetricsAccess) {
        self.plan = plan
        self.access = access
        selectors = plan.gauges.map { MetricSelector($0) }
    }

    func next() -> ServerSample {
        let asked = MonotonicClock.now()
        let response = fetcher?.response(
            from: plan.url, headers: access.headers, certificateAuthorityFile: access.certificateAuthorityFile,
            timeout: Self.timeout)
        let answered = MonotonicClock.now()
        var sample = ServerSample(asked: asked, answered: answered, values: plan.gauges.map { _ in nil })
        guard let response else {
            sample.failure = "no answer"
            return sample
        }
        guard response.status == 200 else {
            sample.failure = "HTTP \(response.status)"
            return sample
        }
        read(response.body, into: &sample)
        return sample
    }

    private func read(_ body: [UInt8], into sample: inout ServerSample) {
        if plan.gauges == ServerMetricsPlan.slotGauges {
            guard let answer = try? JSONValue(parsing: body), let found = slots.take(answer) else {
                sample.failure = "no list of slots"
                return
            }
            sample.values = [Double(found.busy), Double(found.decoded)]
        } else {
            let metrics = PrometheusText(body)
            sample.values = selectors.map { $0.flatMap(metrics.value) }
            names = sample.values.contains(nil) ? metrics.names : []
            if !sample.values.contains(where: { $0 != nil }) {
                sample.failure = "none of the metrics is there as a number"
            }
        }
    }

    /// What an answer lacks, and what to do, in words; nil where it has all.
    func complaint(of sample: ServerSample) -> String? {
        let start = "server_metrics: \(plan.url)"
        let missing = zip(plan.gauges, sample.values).filter { $0.1 == nil }.map(\.0)
        guard !missing.isEmpty else { return nil }
        guard !names.isEmpty else {
            let failure = sample.failure ?? "no metrics"
            return "\(start) gives \(failure): the run goes on and asks again; is the address right?"
        }
        let advice = missing.map { gauge -> String in
            let name = MetricSelector(gauge)?.name ?? gauge
            if names.contains(name) { return "'\(gauge)' (the metric is there, not as a number under these labels)" }
            return "'\(gauge)'" + (EditDistance.nearest(to: name, in: names).map { " (did you mean '\($0)'?)" } ?? "")
        }
        return
            "\(start) tells \(names.count) metrics, and not \(advice.joined(separator: ", ")): the run goes on without"
    }
}

/// What a server needs in order to tell its metrics.
struct MetricsAccess: Sendable {
    var headers: [HeaderField] = []
    var certificateAuthorityFile: String?

    /// That of the target at the same address, if there is one: a server that asks for a key asks for it everywhere.
    init(to plan: ServerMetricsPlan, among targets: [Target], keys: [String: String]) {
        let place = Self.origin(plan.url)
        guard let target = targets.first(where: { Self.origin($0.baseURL) == place }) else { return }
        certificateAuthorityFile = target.certificateAuthorityFile
        headers = target.headers
        if let key = keys[target.name], let dialect = Dialects.named(target.api) {
            headers.append(dialect.authentication(key: key, target: target))
        }
    }

    /// Scheme, host and port.
    private static func origin(_ url: String) -> Substring {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count > 2 ? url[..<parts[2].endIndex] : url[...]
    }
}
