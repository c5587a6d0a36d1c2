import Metrics
import Report
import Store
import Timeline

/// The pages of a database, by their paths; every request reads the file anew, over a connection that cannot write.
struct RunSite: Sendable {
    /// Pages of more runs would show less.
    private static let compareLimit = 8

    let database: String
    /// Nil where no targets were given to ask.
    var playground: Playground?

    func answer(_ request: WebRequest) throws -> WebAnswer {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        switch (parts.count, parts.first) {
        case (1, ""): return .whole(try list())
        case (1, "style.css"): return .whole(WebResponse(type: "text/css; charset=utf-8", body: LivePage.style))
        case (1, "live.js"):
            return .whole(WebResponse(type: "text/javascript; charset=utf-8", body: LivePage.script))
        case (1, "play"):
            guard let playground else {
                throw WebResponse.problem(404, "no targets to ask: start ttft serve with --scenario FILE")
            }
            return .whole(playground.page)
        case (1, "play.js"):
            return .whole(WebResponse(type: "text/javascript; charset=utf-8", body: PlayPage.script))
        case (2, "play") where parts[1] == "stream":
            guard let playground else { throw WebResponse.problem(404, "there is no such page") }
            return try playground.stream(request)
        case (1, "compare"): return .whole(try report(of: request.values(of: "run")))
        case (2, "runs"): return .whole(try report(of: [parts[1]]))
        case (3, "runs"): return try ofRun(parts[1], parts[2], request)
        default: throw WebResponse.problem(404, "there is no such page")
        }
    }

    private func ofRun(_ id: String, _ part: String, _ request: WebRequest) throws -> WebAnswer {
        guard ["live", "events"].contains(part) else { throw WebResponse.problem(404, "there is no such page") }
        let run = try found(id, in: RunReader(readingOnly: database))
        guard part == "events" else { return .whole(.page(LivePage(run: run).text, policy: LivePage.policy)) }
        guard request.method == .get else {
            return .whole(WebResponse(type: "text/event-stream", body: ""))
        }
        var stream = try RunEventStream(
            run: run, database: database, lastEventID: request[header: "last-event-id"])
        return .stream { stream.send(to: $0) }
    }

    private func found(_ id: String, in reader: RunReader) throws -> RunDescription {
        guard let run = try reader.run(id: id) else {
            throw WebResponse.problem(404, "no run '\(Output.harmless(id))' is stored here")
        }
        return run
    }

    private func list() throws -> WebResponse {
        let reader = try RunReader(readingOnly: database)
        let rows = try reader.runs().map { overview in
            RunsPage.Row(
                run: RunsListReport.Row(
                    run: overview.run, requests: overview.requests, attempts: overview.attempts,
                    complete: overview.complete),
                isGoingOn: overview.run.status == .unfinished && reader.isBeingWritten(overview.run))
        }
        return .page(RunsPage(rows: rows, hasPlayground: playground != nil).text, policy: RunsPage.policy)
    }

    /// The report of one run, or of several laid over each other.
    private func report(of ids: [String]) throws -> WebResponse {
        guard (1...Self.compareLimit).contains(ids.count), Set(ids).count == ids.count else {
            throw WebResponse.problem(400, "choose from 1 to \(Self.compareLimit) different runs")
        }
        let reader = try RunReader(readingOnly: database)
        let pictures = try ids.map {
            try StoredRun(found($0, in: reader), reader: reader, database: database).pictures(recompute: false)
        }
        let report = HTMLReport(RunsPicture(pictures))
        return .page(report.text, policy: HTMLReport.policy + "; frame-ancestors 'none'")
    }
}
