import Scenarios
import Testing

/// A scenario text and what must be said about it.
struct Refusal: Sendable, CustomTestStringConvertible {
    var text: String
    var said: String

    init(_ text: String, _ said: String) {
        self.text = text
        self.said = said
    }

    var testDescription: String { said }
}

struct RefusalTests {
    @Test(arguments: [
        Refusal(
            around("sed: 1"),
            "s.yaml:1:1: unknown key 'sed'; did you mean 'seed'? (allowed: name, description, seed, targets, order, "
                + "prompts, request, reader, tokenizer, load, timeouts, retries, cancel, server_metrics, max_cost, max_error_rate, slo, budgets, store)"
        ),
        Refusal(
            around("reader: {concurrency: 4}"),
            "s.yaml:1:10: unknown key 'concurrency' in reader; it stands under load.closed (allowed: words, tokens, speed)"
        ),
        Refusal(
            around("timeouts: {connections: fresh}"),
            "s.yaml:1:12: unknown key 'connections' in timeouts; it stands in a target, under targets "
                + "(allowed: connect, headers, first_token, stall, total)"),
        Refusal(
            around("timeouts: {bananas: 1s}"),
            "s.yaml:1:12: unknown key 'bananas' in timeouts; allowed: connect, headers, first_token, stall, total"),
        Refusal(
            around("seed: 1\nseed: 2"),
            "s.yaml:1:1: 'seed' stands more than once in one mapping; keep one of them"),
        Refusal(
            around("seed: -1"), "s.yaml:1:7: seed must be a whole number from 0 to 18446744073709551615; found '-1'"),
        Refusal(around("name: [a]"), "s.yaml:1:7: name must be text; found a list"),
        Refusal(around("name:"), "s.yaml:1:6: name must be text; found nothing"),
        Refusal(around("name: ''"), "s.yaml:1:7: name must not be empty"),
        Refusal(
            around("order: interleave"),
            "s.yaml:1:8: order: unknown value 'interleave'; did you mean 'interleaved'? (allowed: interleaved, sequential)"
        ),
        Refusal(
            around("request: 5"), "s.yaml:1:10: request must be a mapping such as {max_output_tokens: 128}; found '5'"),
        Refusal(
            around("request: {stream: yes}"),
            "s.yaml:1:19: request.stream: unknown value 'yes'; allowed: true, false, both"),
        Refusal(
            around("request: {max_output_tokens: many}"),
            "s.yaml:1:30: request.max_output_tokens must be a whole number from 1 to 1000000; found 'many'"),
        Refusal(
            around("request: {max_output_tokens: 1, output_tokens: {exact: 2}}"),
            "s.yaml:1:33: 'max_output_tokens' and 'output_tokens' exclude each other in request; keep one of them"),
        Refusal(
            around("request: {output_tokens: {}}"),
            "s.yaml:1:26: 'exact' is missing in request.output_tokens; write for example exact: 128"),
        Refusal(
            around("request: {temperature: -1}"),
            "s.yaml:1:24: request.temperature must be a number from 0 to 10; found '-1'"),
        Refusal(
            around("timeouts: {total: 30}"), "s.yaml:1:19: timeouts.total needs a unit; write 30ms or 30s instead of 30"
        ),
        Refusal(
            around("timeouts: {total: 30 sec}"),
            "s.yaml:1:19: timeouts.total must be a duration with a unit, such as 450ms, 1.5s or 2m; found '30 sec'"),
        Refusal(around("timeouts: {total: 0s}"), "s.yaml:1:19: timeouts.total must be longer than nothing; found '0s'"),
        Refusal(
            around("request: {tools: []}"),
            "s.yaml:1:18: request.tools must be a list such as [{name: get_weather, parameters: {…}}]; found an empty list"
        ),
        Refusal(
            around("request: {tools: [{name: a b}]}"),
            "s.yaml:1:26: request.tools.0.name must be at most 64 letters, digits, '_' and '-'; found 'a b'"),
        Refusal(
            around("request: {tools: [{name: a}, {name: a}]}"),
            "s.yaml:1:30: two tools are named 'a'; give each a name of its own"),
        Refusal(
            around("request: {tools: [{name: a, parameters: {type: string}}]}"),
            "s.yaml:1:41: request.tools.0.parameters must be the schema of an object; write type: object in it"),
        Refusal(
            around("request: {tool_choice: auto}"), "s.yaml:1:24: request.tool_choice needs 'tools' beside it"),
        Refusal(
            around("request: {tools: [{name: a}], tool_choice: always}"),
            "s.yaml:1:44: request.tool_choice: unknown value 'always'; allowed: auto, required, none"),
        Refusal(
            around("request: {response_format: json}"),
            "s.yaml:1:28: request.response_format must be a mapping such as {schema: {type: object, properties: {…}}}; "
                + "found 'json'"),
        Refusal(
            around("request: {response_format: {name: a}}"),
            "s.yaml:1:28: 'schema' is missing in request.response_format; write for example schema: {type: object, "
                + "properties: {city: {type: string}}}"),
        Refusal(
            "request: {tools: [{name: a}], response_format: {schema: {type: object}}}\n"
                + "targets: [{name: x, api: tgi, simulate: gpt-4o}, {name: y, api: bedrock, simulate: gpt-4o}]\n"
                + "load: {closed: {concurrency: 1}, requests: 1}\n",
            "s.yaml:2:26: request.tools: the API tgi takes no tools; leave the target out\n"
                + "s.yaml:2:65: request.response_format: the API bedrock takes no schema; leave the target out"),
        Refusal(
            around("max_cost: 1"),
            "s.yaml:1:11: max_cost needs the price of every target, and 'gpt-4o-mini' has none; write "
                + "price: {input: 2.5, output: 10}, per million tokens\n"
                + "s.yaml:1:11: max_cost needs a longest answer, or a request could cost anything; write "
                + "request: {max_output_tokens: 256}"),
        Refusal(
            "max_cost: 1\nrequest: {max_output_tokens: 9}\n"
                + "targets: [{simulate: gpt-4o, price: {input: 1, output: 1}, body: {n: 3}}]\n"
                + "load: {closed: {concurrency: 1}, requests: 1}\n",
            "s.yaml:1:11: max_cost bounds one answer a request, and 'n' in the body of 'gpt-4o' asks for more; leave it out"
        ),
        Refusal(
            around("reader: {words: 0}"),
            "s.yaml:1:17: reader.words must be a whole number from 1 to 100000; found '0'"),
        Refusal(
            around("reader: {speed: 0}"),
            "s.yaml:1:17: reader.speed must be tokens per second, from 0.01 to 100000; found '0'"),
        Refusal(
            around("reader: {word: 5}"),
            "s.yaml:1:10: unknown key 'word' in reader; did you mean 'words'? (allowed: words, tokens, speed)"),
        Refusal(
            "request: {stream: both}\ntargets: [{simulate: gpt-4o}, {simulate: gpt-4o, name: gpt-4o-whole}]\n"
                + "load: {closed: {concurrency: 1}, requests: 1}\n",
            "s.yaml:2:10: 'gpt-4o-whole' is the name that stream: both gives to the whole answers of 'gpt-4o'; give that "
                + "target another 'name'"),
        Refusal(
            around("cancel: 0.2"),
            "s.yaml:1:9: cancel must be a mapping such as {share: 0.2, after: {tokens: 10}}; found '0.2'"),
        Refusal(
            around("cancel: {share: 0.2}"),
            "s.yaml:1:9: 'after' is missing in cancel; write for example after: {tokens: 10}"),
        Refusal(
            around("cancel: {share: 20, after: {tokens: 10}}"),
            "s.yaml:1:17: cancel.share must be a share from 0 to 1, such as 0.2; found '20'"),
        Refusal(
            around("cancel: {after: {tokens: 0}}"),
            "s.yaml:1:26: cancel.after.tokens must be a whole number from 1 to 1000000; found '0'"),
        Refusal(
            around("cancel: {after: {seconds: 1s}}"),
            "s.yaml:1:27: cancel.after.seconds must be seconds from 0.001 to 86400, without a unit; found '1s'"),
        Refusal(
            around("cancel: {after: {tokens: 1, seconds: 1}}"),
            "s.yaml:1:29: 'tokens' and 'seconds' exclude each other in cancel.after; keep one of them"),
        Refusal(
            around("server_metrics: {url: 'http://127.0.0.1:1/slots', interval: 597h}"),
            "s.yaml:1:61: server_metrics.interval must be from 5ms to 60s: the server answers each time, and what happens in "
                + "between is not seen; found '597h'"),
        Refusal(
            around("server_metrics: {url: 'http://127.0.0.2:1/metrics', gauge: ['a{', b]}"),
            "s.yaml:1:61: server_metrics.gauge.0 must be the name of a metric, such as vllm:num_requests_running, or a name "
                + "with labels, such as 'running{model=\"m\"}'; found 'a{'"),
        Refusal(
            around("server_metrics: {url: 'http://127.0.0.1:1/metrics', gauge: [b, b]}"),
            "s.yaml:1:64: server_metrics.gauge.1 names 'b' a second time; leave it out"),
        Refusal(
            around("server_metrics: {url: 'http://127.0.0.1:1/m?api_key=x', gauge: a}"),
            "s.yaml:1:23: server_metrics.url must not hold 'api_key=' in its query; metrics are asked for without a secret"
        ),
        Refusal(
            around("cancel: {after: {token: 1}}"),
            "s.yaml:1:17: 'tokens' or 'seconds' is missing in cancel.after; write for example tokens: 10\n"
                + "s.yaml:1:18: unknown key 'token' in cancel.after; did you mean 'tokens'? (allowed: tokens, seconds)"),
        Refusal(around("retries: 11"), "s.yaml:1:10: retries must be a whole number from 0 to 10; found '11'"),
        Refusal(
            around("max_error_rate: 10"),
            "s.yaml:1:17: max_error_rate must be a share from 0 to 1, such as 0.1; found '10'"),
        Refusal(
            around("store: {raw: some}"), "s.yaml:1:14: store.raw: unknown value 'some'; allowed: none, failed, all"),
        Refusal("[1]", "s.yaml:1:1: the scenario must be a mapping such as {targets: […], load: {…}}; found a list"),
        Refusal("a: b: c", "s.yaml:1:5: not YAML: mapping values are not allowed in this context"),
        Refusal("? [a]\n: 1", "s.yaml:1:3: a key must be a word; found a list or a mapping"),
    ])
    func `a wrong setting is refused at its place`(refusal: Refusal) {
        #expect(problems(refusal.text) == refusal.said.split(separator: "\n").map(String.init))
    }

    @Test(arguments: [
        Refusal(
            "{}",
            "s.yaml:2:7: 'closed' or 'open' is missing in load; write for example closed: {concurrency: 4}\n"
                + "s.yaml:2:7: 'requests' or 'duration' is missing in load; write for example requests: 100"
        ),
        Refusal(
            "{closed: {concurrency: 0}, requests: 1}",
            "s.yaml:2:30: load.closed.concurrency must be a whole number from 1 to 100000; found '0'"),
        Refusal(
            "{closed: {}, requests: 1}",
            "s.yaml:2:16: 'concurrency' is missing in load.closed; write for example concurrency: 4"),
        Refusal(
            "{closd: {concurrency: 1}, closed: {concurency: 1, concurrency: 1}, requests: 1}",
            "s.yaml:2:8: unknown key 'closd' in load; did you mean 'closed'? (allowed: closed, open, requests, duration, warmup)\n"
                + "s.yaml:2:42: unknown key 'concurency' in load.closed; did you mean 'concurrency'? (allowed: concurrency)"
        ),
        Refusal(
            "{closed: {concurrency: 1}, open: {rate: 1}, requests: 1}",
            "s.yaml:2:34: 'closed' and 'open' exclude each other in load; keep one of them"),
        Refusal(
            "{closed: {concurrency: 1}, requests: 1, duration: 1s}",
            "s.yaml:2:47: 'requests' and 'duration' exclude each other in load; keep one of them"),
        Refusal(
            "{open: {rate: 0}, requests: 1}",
            "s.yaml:2:21: load.open.rate must be requests per second, from 0.001 to 1000000; found '0'"),
        Refusal(
            "{open: {rate: 1, arrivals: random}, requests: 1}",
            "s.yaml:2:34: load.open.arrivals: unknown value 'random'; allowed: constant, poisson"),
        Refusal(
            "{closed: {concurrency: 1}, requests: 1, warmup: 8}",
            "s.yaml:2:55: load.warmup must be a mapping such as {requests: 8}; found '8'"),
        Refusal(
            "{closed: {concurrency: 1}, duration: 60}",
            "s.yaml:2:44: load.duration needs a unit; write 60ms or 60s instead of 60"),
    ])
    func `a wrong load is refused at its place`(refusal: Refusal) {
        let found = problems("targets: [{simulate: gpt-4o}]\nload: \(refusal.text)")
        #expect(found == refusal.said.split(separator: "\n").map(String.init))
    }

    @Test(arguments: [
        Refusal("slo: {ttft: 800}", "s.yaml:1:13: slo.ttft needs a unit; write 800ms or 800s instead of 800"),
        Refusal(
            "slo: {tfft: 800ms}",
            "s.yaml:1:7: unknown metric 'tfft' in slo; did you mean 'ttft'? (allowed: e2e, stalls, stutter_index, time_to_field.NAME, tpot, ttft)"
        ),
        Refusal(
            "slo: {success: 1}",
            "s.yaml:1:7: 'success' is not a metric of single requests; allowed: e2e, stalls, stutter_index, time_to_field.NAME, tpot, ttft"
        ),
        Refusal(
            "budgets: {ttft: 1s}",
            "s.yaml:1:11: 'ttft' needs a statistic, such as ttft.p95; allowed: mean, min, max, p50, p75, p90, p95, p99, p99.9"
        ),
        Refusal(
            "budgets: {ttft.p94: 1s}",
            "s.yaml:1:11: unknown statistic 'p94' of ttft; did you mean 'p90'? (allowed: mean, min, max, p50, p75, p90, p95, p99, p99.9)"
        ),
        Refusal(
            "budgets: {time_to_field.title: 1s}",
            "s.yaml:1:11: 'time_to_field.title' needs a statistic, such as time_to_field.title.p95; allowed: mean, min, max, p50, p75, p90, p95, p99, p99.9"
        ),
        Refusal(
            "budgets: {time_to_field.title.p95: 100}",
            "s.yaml:1:36: budgets.time_to_field.title.p95 needs a unit; write 100ms or 100s instead of 100"),
        Refusal("budgets: {success.p50: 1}", "s.yaml:1:11: 'success' has one value a run and no 'p50'; write success"),
        Refusal(
            "budgets: {success: 99%}",
            "s.yaml:1:20: budgets.success must be a share from 0 to 1, such as 0.99; found '99%'"),
        Refusal(
            "budgets: {output_throughput: 5ms}",
            "s.yaml:1:30: budgets.output_throughput must be a plain number, per second; found '5ms'"),
        Refusal(
            "budgets: {latency.p50: 5ms}",
            "s.yaml:1:11: unknown metric 'latency' in budgets; allowed: e2e, itl, output_throughput, stalls, stutter_index, success, time_to_field.NAME, tpot, ttft"
        ),
    ])
    func `a wrong limit is refused at its place`(refusal: Refusal) {
        #expect(problems(around(refusal.text)) == [refusal.said])
    }

    @Test func `all problems are found in one pass, in the order of the file`() {
        let text = """
            seed: x
            retry: 1
            targets:
              - simulate: gpt-5
              - name: b
                base_url: ftp://h
            request: {stream: 1}
            """
        #expect(
            problems(text).map { String($0.prefix(while: { $0 != " " })) } == [
                "s.yaml:1:1:", "s.yaml:1:7:", "s.yaml:2:1:", "s.yaml:4:5:", "s.yaml:4:15:", "s.yaml:5:5:",
                "s.yaml:5:5:",
                "s.yaml:6:15:", "s.yaml:7:19:",
            ])
    }

    @Test func `a scenario needs targets and a load`() {
        #expect(
            problems("name: x") == [
                "s.yaml:1:1: 'load' is missing; write for example load: {closed: {concurrency: 4}, requests: 100}",
                "s.yaml:1:1: 'targets' is missing; write for example targets: [{simulate: gpt-4o-mini}]",
            ])
        #expect(
            problems("targets: []\nload: {closed: {concurrency: 1}, requests: 1}") == [
                "s.yaml:1:10: targets must be a list of targets, such as [{simulate: gpt-4o-mini}]; found an empty list"
            ])
        #expect(problems("").count == 2)
    }

    @Test func `a missing file is a case of its own`() {
        #expect(throws: ScenarioError.fileNotFound("/nowhere/s.yaml")) {
            try Scenario(contentsOf: "/nowhere/s.yaml", environment: [:], vocabulary: vocabulary)
        }
        #expect(ScenarioError.fileNotFound("x").exitStatus == 66)
        #expect(ScenarioError.invalid([]).exitStatus == 78)
    }
}
