import Foundation
import Testing
import Timeline

/// Tool calls, JSON and reasoning, from the scenario to the figures, held against the log of the server that sent them.
@Suite struct AnswerPartTests {
    /// A run of several APIs against one simulator of a drawn schedule, joined to that one's log.
    private struct Joined {
        let run: MeasuredRun
        let rows: [[String: Any]]
        let entries: [String: JSONValue]

        init(_ apis: [String], script: StreamScript, request: String, requests: Int = 6) throws {
            let scripts = Dictionary(
                uniqueKeysWithValues: apis.map { api in
                    var script = script
                    script.api = api
                    return (api, script)
                })
            let server = try SimulatorServer(scripts: scripts)
            let targets = apis.map {
                "  - {name: \($0), api: \($0), model: m, base_url: \"\(server.url(of: $0))\"}"
            }
            run = try MeasuredRun(
                """
                targets:
                \(targets.joined(separator: "\n"))
                request: \(request)
                load: {closed: {concurrency: 1}, requests: \(requests)}
                """)
            server.stop()
            rows = try StoredRows(path: run.database).rows(
                """
                SELECT requests.*, runs.started_monotonic_ns AS started FROM requests JOIN runs ON runs.id = run_id
                """)
            let lines = try String(contentsOf: server.log, encoding: .utf8).split(separator: "\n")
            entries = Dictionary(
                try lines.map { try JSONValue(parsing: String($0)) }.map { ($0["id"]?.stringValue ?? "", $0) },
                uniquingKeysWith: { $1 })
        }

        /// What a request's marks say, the range of an event's arrival by the log's clock, and the log's entry.
        func parts(
            _ row: [String: Any]
        ) throws -> (marks: JSONValue, arrival: (Int?) throws -> ClosedRange<Int>, entry: JSONValue) {
            let marks = try JSONValue(parsing: try #require(row["answer_marks"] as? String))
            let events = try JSONValue(parsing: try #require(row["events"] as? String)).arrayValue ?? []
            let started = try #require(row["started"] as? Int)
            let planned = try #require(row["planned_ns"] as? Int)
            let identifier = try #require(row["client_request_id"] as? String)
            let entry = try #require(entries[identifier])
            let arrival = { (index: Int?) throws -> ClosedRange<Int> in
                let index = try #require(index)
                let event = try #require(events.indices.contains(index) ? events[index].arrayValue : nil)
                let latest = started + planned + (event[2].integerValue ?? 0)
                return latest - (event[4].integerValue ?? 0)...latest
            }
            return (marks, arrival, entry)
        }
    }

    private static let drawn = StreamScript(
        timeToFirstToken: .milliseconds(30), gap: .milliseconds(6), tokens: 20, jitter: 0.6)

    /// The instant before the send with which so many tokens had been sent, and the one after it.
    private static func send(_ entry: JSONValue, tokens: Int) throws -> ClosedRange<Int> {
        let counts = entry["tokens"]?.arrayValue?.map { $0.integerValue ?? 0 } ?? []
        var sum = 0
        for (index, count) in counts.enumerated() {
            sum += count
            guard sum >= tokens else { continue }
            let before = try #require(entry["sends_ns"]?.arrayValue?[index].integerValue)
            let after = try #require(entry["returned_ns"]?.arrayValue?[index].integerValue)
            return before...max(before, after)
        }
        Issue.record("no send brought token \(tokens)")
        return 0...0
    }

    /// On loopback an event arrives between the instants of its send; its stamp is late by at most its bound.
    private static func expect(
        _ arrival: ClosedRange<Int>, in send: ClosedRange<Int>, _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isWithin = arrival.upperBound >= send.lowerBound - 1_000 && arrival.lowerBound <= send.upperBound + 1_000
        let late = arrival.lowerBound - send.upperBound
        #expect(isWithin, "\(what): at least \(late) ns after its send", sourceLocation: sourceLocation)
    }

    @Test func `the instants of a tool call are those of the server's log, whatever the API`() throws {
        let apis = [
            "openai-chat", "anthropic", "openai-responses", "mistral", "cohere", "bedrock", "gemini", "ollama",
            "azure-openai",
        ]
        let joined = try Joined(
            apis, script: Self.drawn,
            request: "{tools: [{name: search, parameters: {type: object, properties: {query: {type: string}}}}]}")
        #expect(joined.rows.count == 6 * apis.count)
        for row in joined.rows {
            let (marks, arrival, entry) = try joined.parts(row)
            let api = row["target"] as? String ?? ""
            let calls = marks["tool_calls"]?.arrayValue ?? []
            #expect(calls.count == 1, "\(api): \(marks.text)")
            let call = try #require(calls.first)
            #expect(call["name"]?.stringValue == entry["tool"]?.stringValue && call["name"] == "search")
            let arguments = try JSONValue(parsing: try #require(entry["tool_arguments"]?.stringValue))
            #expect(arguments["query"] != nil)
            let tokens = try #require(entry["output_tokens"]?.integerValue)
            try Self.expect(arrival(call["start"]?.integerValue), in: Self.send(entry, tokens: 1), "\(api) start")
            try Self.expect(arrival(call["named"]?.integerValue), in: Self.send(entry, tokens: 1), "\(api) name")
            try Self.expect(
                arrival(call["complete"]?.integerValue), in: Self.send(entry, tokens: tokens), "\(api) arguments")
        }
        #expect(try joined.run.figure("tool_calls", "mean", of: "openai-chat") == 1)
        #expect(try joined.run.figure("whole_tool_calls", "value", of: "anthropic") == 1)
        let begin = try joined.run.figure("time_to_tool", "p50", of: "openai-chat")
        let whole = try joined.run.figure("time_to_tool_call", "p50", of: "openai-chat")
        #expect(whole > begin + 50)
        // What is sent whole begins as late as it ends.
        #expect(
            try joined.run.figure("time_to_tool", "p50", of: "ollama")
                == joined.run.figure("time_to_tool_call", "p50", of: "ollama"))
        let report = try Tool.run("report", "latest", "--db", joined.run.database).output
        #expect(report.contains("tool calls  openai-chat: begin"), "\(report)")
    }

    @Test func `a choice of tools changes what the server is asked for`() throws {
        let request = "{tools: [{name: search}], tool_choice: none}"
        let joined = try Joined(["openai-chat"], script: Self.drawn, request: request, requests: 2)
        #expect(try joined.run.figure("tool_calls", "max", of: "openai-chat") == 0)
        for (_, entry) in joined.entries { #expect(entry["tool"] == .null) }
    }

    private static let schema = """
        {response_format: {schema: {type: object, properties: {title: {type: string}, size: {type: integer}, \
        text: {type: string}, good: {type: boolean}}}}LIMIT}
        """

    @Test func `each field of an answer in JSON is complete when the server sent its end`() throws {
        let apis = [
            "openai-chat", "anthropic", "openai-responses", "mistral", "cohere", "gemini", "ollama", "tgi", "llama-cpp",
        ]
        let joined = try Joined(
            apis, script: Self.drawn, request: Self.schema.replacingOccurrences(of: "LIMIT", with: ""))
        #expect(joined.rows.count == 6 * apis.count)
        for row in joined.rows {
            let (marks, arrival, entry) = try joined.parts(row)
            let api = row["target"] as? String ?? ""
            let fields = marks["structure"]?["fields"]?.arrayValue ?? []
            #expect(
                fields.map { $0["name"]?.stringValue } == ["title", "size", "text", "good"], "\(api): \(marks.text)")
            for field in fields {
                let name = try #require(field["name"]?.stringValue)
                let tokens = try #require(entry["fields"]?[name]?.integerValue, "\(api) \(entry.text)")
                try Self.expect(
                    arrival(field["complete"]?.integerValue), in: Self.send(entry, tokens: tokens), "\(api) \(name)")
            }
            #expect(marks["structure"]?["valid"] == fields.last?["complete"])
            // The text that the server sent is that JSON, by another reader.
            #expect(try JSONValue(parsing: try #require(entry["text"]?.stringValue))["good"] == true)
        }
        #expect(try joined.run.figure("invalid_json", "value", of: "openai-chat") == 0)
        let title = try joined.run.figure("time_to_field.title", "p50", of: "openai-chat")
        #expect(title == (try joined.run.figure("time_to_first_field", "p50", of: "openai-chat")))
        #expect(title < (try joined.run.figure("time_to_valid_json", "p50", of: "openai-chat")) - 20)
        let report = try Tool.run("report", "latest", "--db", joined.run.database).output
        #expect(report.contains("JSON        openai-chat: first field"), "\(report)")
    }

    @Test func `show and the row of a request say the same of its fields, and what the log says`() throws {
        let joined = try Joined(
            ["openai-chat"], script: Self.drawn, request: Self.schema.replacingOccurrences(of: "LIMIT", with: ""),
            requests: 2)
        for (row, stored) in zip(try joined.run.rows("requests.csv"), joined.rows) {
            let index = try #require(row["request_index"])
            let shown = try Tool.run("show", "--request", index, "--db", joined.run.database, "--json").output
            let request = try #require(try JSONValue(parsing: shown)["requests"]?.arrayValue?.first)
            let cell = try JSONValue(parsing: try #require(row["time_to_fields_ms"]))
            let (_, _, entry) = try joined.parts(stored)
            let sent = try #require(stored["started"] as? Int) + (try #require(stored["sent_ns"] as? Int))
            for name in ["title", "size", "text", "good"] {
                let value = try #require(cell[name]?.doubleValue, "\(cell.text)")
                let field = request["fields"]?.arrayValue?.first { $0["name"]?.stringValue == name }
                #expect(field?["complete_ms"]?.doubleValue.map { abs($0 - value) < 1e-5 } == true, "\(shown)")
                let tokens = try #require(entry["fields"]?[name]?.integerValue)
                let send = try Self.send(entry, tokens: tokens)
                #expect(value > Double(send.lowerBound - sent) / 1e6 - 0.1, "\(name)")
                #expect(value < Double(send.upperBound - sent) / 1e6 + 50, "\(name)")
            }
            #expect(request["tool_calls"] == .null && request["valid_json_ms"]?.doubleValue != nil)
            let text = try Tool.run("show", "--request", index, "--db", joined.run.database).output
            #expect(text.contains("JSON") && text.contains("title after "), "\(text)")
        }
    }

    @Test func `a budget on a field is judged like any other, and broken where no answer has the field`() throws {
        let schema = Self.schema.replacingOccurrences(of: "LIMIT", with: "")
        let joined = try Joined(
            ["openai-chat"], script: Self.drawn,
            request: schema + "\nbudgets: {time_to_field.title.p50: 10s, time_to_field.nope.p50: 10s}")
        let title = try joined.run.estimate("time_to_field.title", "p50", of: "openai-chat")
        let value = try #require(title["value"]?.doubleValue)
        let low = try #require(title["measurement_low"]?.doubleValue)
        let high = try #require(title["measurement_high"]?.doubleValue)
        #expect(low < value && value <= high && high - low < 5)
        let check = try Tool.run("check", "latest", "--db", joined.run.database)
        #expect(check.status == 4)
        #expect(
            check.output.contains(
                "no complete stream has a value of time_to_field.nope; it needs request: {response_format"),
            "\(check.output)")
        #expect(check.output.contains("1 of 2 budgets"), "\(check.output)")
    }

    @Test func `an answer that a limit cuts ended invalid, and has the fields that came`() throws {
        let joined = try Joined(
            ["openai-chat", "anthropic"], script: Self.drawn,
            request: Self.schema.replacingOccurrences(of: "LIMIT", with: ", max_output_tokens: 12"), requests: 3)
        for api in ["openai-chat", "anthropic"] {
            #expect(try joined.run.figure("invalid_json", "value", of: api) == 1)
            #expect(try joined.run.figure("time_to_field.title", "p50", of: api) > 0)
        }
        for row in joined.rows {
            let (marks, _, entry) = try joined.parts(row)
            #expect(marks["structure"]?["valid"] == .null)
            let fields = marks["structure"]?["fields"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
            guard case .object(let sent)? = entry["fields"] else { continue }
            #expect(fields == sent.map(\.name) && !fields.isEmpty && !fields.contains("good"))
        }
    }

    @Test func `thinking that is not sent is told from thinking that is`() throws {
        let run = try MeasuredRun(
            """
            targets:
              - {name: open, simulate: {ttft: 40ms, gap: 5ms, tokens: 60, reasoning_tokens: 40}}
              - {name: hidden, api: anthropic, simulate: {ttft: 40ms, gap: 5ms, tokens: 60, reasoning_tokens: 40, hidden_reasoning: true}}
              - {name: chat, simulate: {ttft: 40ms, gap: 5ms, tokens: 60, reasoning_tokens: 40, hidden_reasoning: true}}
            load: {closed: {concurrency: 1}, requests: 4}
            """)
        #expect(abs(try run.figure("ttft", "p50", of: "open") - 40) < 20)
        #expect(abs(try run.figure("ttfat", "p50", of: "open") - 240) < 20)
        #expect(abs(try run.figure("think", "p50", of: "open") - 200) < 20)
        for target in ["hidden", "chat"] {
            #expect(abs(try run.figure("ttft", "p50", of: target) - 240) < 20)
            #expect(try run.figure("think", "p50", of: target) == 0)
        }
        #expect(try run.target("open")["tokens"]?["hidden_reasoning_streams"] == 0)
        #expect(try run.target("chat")["tokens"]?["hidden_reasoning_streams"] == 4)
        let report = try Tool.run("report", "latest", "--db", run.database).output
        #expect(report.contains("reasoning   open: TTFT 4"), "\(report)")
        #expect(report.contains("reasoning   chat: not sent: TTFT 24"), "\(report)")
    }
}
