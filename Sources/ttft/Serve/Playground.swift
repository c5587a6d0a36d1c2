import FoundationEssentials
import Report
import Runner
import Scenarios
import Store
import Synchronization
import Timeline
import Transport

/// Lets pages ask a scenario's targets and watch the answers come, measured as a run measures them; nothing is stored.
final class Playground: Sendable {
    /// Streams at once, so that no page makes a load of them.
    private static let limit = 8
    private static let textLimit = 8 << 10

    private let scenario: Scenario
    private let secrets: ScenarioSecrets
    private let redaction: Redaction
    private let clockSource: ClockSource
    /// What a request has to bring, which only pages of this server know: each request may cost money.
    private let key = Gatekeeper.makeToken()
    private let underWay = Atomic<Int>(0)
    /// What all its streams together may cost; nil where nothing bounds it.
    private let purse: CostPurse?

    init(scenario: Scenario, clockSource: ClockSource) {
        self.scenario = scenario
        self.clockSource = clockSource
        secrets = ScenarioSecrets(of: scenario, in: Environment.all)
        redaction = Redaction(secrets: secrets.all)
        purse = scenario.maxCost.map { CostPurse(limit: $0) }
    }

    var page: WebResponse {
        let page = PlayPage(
            targets: scenario.targets.map(\.name), prompts: scenario.prompts, key: key,
            outputLimit: scenario.request.outputLength?.tokens)
        return .page(page.text, policy: PlayPage.policy)
    }

    /// Answers a request for a stream: with its events, or with why there are none.
    func stream(_ request: WebRequest) throws -> WebAnswer {
        try check(request)
        // A browser that asks again by itself must not make another request of it.
        guard request[header: "last-event-id"] == nil, request.method == .get else {
            return .whole(WebResponse(204, type: "text/event-stream", body: ""))
        }
        var generator = SystemRandomNumberGenerator()
        let runID = RunIdentifier.make(wallClock: MonotonicClock.wallClockLabel(), using: &generator)
        let asked = try asked(by: request)
        let followed: FollowedRequest
        do {
            followed = try FollowedRequest(
                scenario: asked, runID: "play-\(runID)", keys: secrets.keys, awsCredentials: secrets.awsCredentials,
                clockSource: clockSource, purse: purse)
        } catch {
            throw WebResponse.problem(403, redaction.text("\(error)"))
        }
        guard followed.isAffordable else {
            throw WebResponse.problem(
                403, "one more stream could cost more than max_cost leaves; serve the scenario again")
        }
        return .stream { self.send(followed, to: $0) }
    }

    private func check(_ request: WebRequest) throws(WebResponse) {
        let site = request[header: "sec-fetch-site"] ?? "same-origin"
        guard site == "same-origin", isOfOwnOrigin(request),
            Gatekeeper.isEqual(request.values(of: "key").first ?? "", key)
        else {
            throw .problem(403, "only the page /play of this server may ask for a stream; load it again")
        }
    }

    /// Whether no other origin is named: browsers name none where a page gets something from its own server.
    private func isOfOwnOrigin(_ request: WebRequest) -> Bool {
        guard let origin = request[header: "origin"], let host = request[header: "host"] else { return true }
        // A proxy may have put TLS before this server.
        return ["http://\(host)", "https://\(host)"].contains(origin)
    }

    /// The scenario with the one target and the one prompt that are asked for.
    private func asked(by request: WebRequest) throws(WebResponse) -> Scenario {
        var asked = scenario
        guard let target = scenario.targets.first(where: { $0.name == request.values(of: "target").first }) else {
            throw .problem(404, "the scenario has no such target")
        }
        asked.targets = [target]
        if let text = request.values(of: "text").first {
            guard !text.isEmpty, text.utf8.count <= Self.textLimit else {
                throw .problem(400, "a prompt has from 1 to \(Self.textLimit) bytes")
            }
            asked.prompts = [Prompt(id: "page", text: text)]
        } else {
            guard let index = Int(request.values(of: "prompt").first ?? ""), scenario.prompts.indices ~= index else {
                throw .problem(400, "the scenario has no such prompt")
            }
            asked.prompts = [scenario.prompts[index]]
        }
        if let limit = request.values(of: "limit").first {
            let most = scenario.request.outputLength?.tokens ?? .max
            guard let count = Int(limit), count >= 1, count <= most else {
                throw .problem(400, "the output tokens must be from 1 to what the scenario allows")
            }
            asked.request.outputLength = .atMost(count)
        }
        return asked
    }

    private func send(_ followed: FollowedRequest, to connection: WebConnection) {
        defer { underWay.wrappingSubtract(1, ordering: .relaxed) }
        guard underWay.wrappingAdd(1, ordering: .relaxed).newValue <= Self.limit else {
            let refusal = WebResponse.problem(503, "\(Self.limit) streams are under way; stop one")
            _ = connection.send(refusal.text(for: .get))
            return
        }
        let headers = WebResponse.common + [("Content-Type", "text/event-stream"), ("X-Accel-Buffering", "no")]
        var isThere = connection.send(WebResponse.head(200, headers))
        var count = 0
        do {
            let record = try followed.run(isAbandoned: { !isThere || !connection.wait(milliseconds: 0) }) { pieces in
                var text = ""
                for piece in pieces {
                    count += 1
                    text += "id: \(count)\nevent: piece\ndata: \(self.value(of: piece).text)\n\n"
                }
                isThere = isThere && connection.send(text)
            }
            guard let record, isThere else { return }
            let value = PlayedRequest(redaction.record(record)).value
            _ = connection.send("event: done\ndata: \(value.text)\n\n")
        } catch {
            Output.note("ttft: \(redaction.text("\(error)"))")
        }
    }

    private func value(of piece: FollowedRequest.Piece) -> JSONValue {
        [
            "kind": .string(piece.kind.rawValue), "text": .string(redaction.text(piece.text)),
            "tokens": piece.tokens.map { .integer($0) } ?? .null,
        ]
    }
}
