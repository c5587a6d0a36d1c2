import Scenarios
import Timeline
import Wire

/// Signs a target's requests when they are dispatched, since a signature made with the plan would be too old in a long run.
struct TargetSignature: Sendable {
    private let signer: RequestSigner
    /// The hash of each prompt's body, which takes longer than the rest of a signature.
    private let payloadHashes: [String: String]

    init(
        _ target: Target, dialect: any Dialect, scenario: Scenario, credentials: AWSCredentials
    ) throws(RunnerError) {
        let settings = scenario.settings(of: target)
        let encoded = scenario.prompts.map { ($0.id, dialect.encode($0, settings: settings, target: target)) }
        let headers = encoded.first?.1.headers ?? []
        let url = dialect.url(for: target, streams: settings.stream)
        guard let signer = RequestSigner(url: url, headers: headers, credentials: credentials) else {
            throw .cannotSign(target: target.name)
        }
        self.signer = signer
        var hashes: [String: String] = [:]
        for (id, request) in encoded { hashes[id] = signer.payloadHash(of: request.body) }
        payloadHashes = hashes
        // The first signature takes milliseconds, in which libcrypto makes itself ready.
        _ = signer.headers(payloadHash: "", wallClock: MonotonicClock.wallClockLabel())
    }

    /// The headers that sign a request which is sent now.
    func headers(for request: PlannedRequest) -> [HeaderField] {
        signer.headers(
            payloadHash: payloadHashes[request.prompt.id] ?? "", wallClock: MonotonicClock.wallClockLabel())
    }
}
