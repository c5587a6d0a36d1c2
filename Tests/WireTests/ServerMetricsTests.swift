import Testing
import Timeline
import Wire

struct ServerMetricsTests {
    @Test(arguments: [
        ("up", 1.0), ("requests", 7), (#"requests{path="/a b",kind="{x}\"}"}"#, 3), (#"requests{path="/c"}"#, 4),
        ("ratio", 0.25), ("large", 1.5e9), ("stamped", 12), (#"requests{ kind = "{x}\"}" , }"#, 3), ("indented", 8),
        (#"ordered{b="2",a="1"}"#, 5), (#"ordered{a="1"}"#, 11), (#"ordered{a="line\nend"}"#, 9),
    ])
    func `a metric has the value of its line, or the sum of its series`(name: String, value: Double) throws {
        let text = #"""
            # HELP requests Requests under way
            # TYPE requests gauge
            requests{path="/a b",kind="{x}\"}"} 3
            requests{path="/c"} 4
            requests_total 99
            up 1
            ratio	0.25
            large 1.5e+09
            stamped 12 1395066363000
            broken{path="/d" 5
             	indented 8
            ordered{a="1",b="2"} 5
            ordered{a="1",b="3"} 6
            ordered{a="line\nend"} 9
            nothing
            infinite +Inf
            none NaN
            """#
        for lineEnd in ["\n", "\r\n"] {
            let metrics = PrometheusText(Array(text.split(separator: "\n").joined(separator: lineEnd).utf8))
            #expect(metrics.value(of: try #require(MetricSelector(name))) == value, "\(lineEnd.utf8.count)")
        }
        let metrics = PrometheusText(Array(text.utf8))
        for absent in ["request", "broken", "nothing", "infinite", "none", #"ordered{a="4"}"#, #"up{a=""}"#] {
            #expect(metrics.value(of: try #require(MetricSelector(absent))) == nil, "\(absent)")
        }
        #expect(metrics.names.prefix(3) == ["requests", "requests_total", "up"])
    }

    @Test(arguments: ["", "a{", "5", "a b", "a{b}", "a{b=c}", #"a{b="c}"#, #"a{b="c"} 3"#, #"a{1b="c"}"#, "ü", "{}"])
    func `what is no name with labels selects nothing`(text: String) {
        #expect(MetricSelector(text) == nil)
    }

    @Test func `slots at work are counted, and tokens from one answer to the next`() throws {
        func slot(_ id: Int, _ isBusy: Bool, task: Int? = nil, decoded: Int? = nil) -> JSONValue {
            var value: JSONValue = ["id": .integer(id), "is_processing": .bool(isBusy)]
            if let task { value.merge("id_task", .integer(task)) }
            if let decoded { value.merge("next_token", [["n_decoded": .integer(decoded)]]) }
            return value
        }
        var slots = LlamaSlots()
        func take(_ first: JSONValue, _ second: JSONValue) -> [Int] {
            slots.take([first, second]).map { [$0.busy, $0.decoded] } ?? []
        }
        // What was made before the first answer is not counted.
        #expect(take(slot(0, false), slot(1, true, task: 4, decoded: 30)) == [1, 0])
        #expect(take(slot(0, true, task: 5, decoded: 2), slot(1, true, task: 4, decoded: 33)) == [2, 5])
        // A slot that is done tells of no tokens, and keeps its task's number.
        #expect(take(slot(0, true, task: 5, decoded: 4), slot(1, false, task: 4, decoded: 0)) == [1, 7])
        #expect(take(slot(0, false, task: 5, decoded: 0), slot(1, true, task: 6, decoded: 1)) == [1, 8])
        #expect(slots.take(["id": 0]) == nil)
        #expect(slots.take([["name": "x"]]) == nil)
        // No slots, or slots that do not say whether they work, tell nothing of a server's work.
        #expect(slots.take([]) == nil)
        #expect(slots.take([["id": 0]]) == nil)
        // Servers before the end of 2024 number the states.
        let old = slots.take([["id": 0, "state": 0], ["id": 1, "state": 1], ["id": 2, "state": 2]])
        #expect(old?.busy == 2)
    }
}
