import Scenarios
import Testing
import Timeline

struct ScalarTests {
    @Test(arguments: [
        ("1ns", 1), ("500us", 500_000), ("500µs", 500_000), ("450ms", 450_000_000), ("1.5s", 1_500_000_000),
        ("2m", 120_000_000_000), ("0.1h", 360_000_000_000), ("18.518519ms", 18_518_519), (".5s", 500_000_000),
        ("0.000000001s", 1), ("3155760000s", 3_155_760_000_000_000_000), ("1.000s", 1_000_000_000), ("0.10ms", 100_000),
    ])
    func `durations are read exactly`(written: String, nanoseconds: Int64) throws {
        #expect(try read(around("timeouts: {total: \(written)}")).timeouts.total.count == nanoseconds)
    }

    @Test(arguments: [
        "1.5ns", "0.0000000001s", "9223372036.854775808s", "3155760000.000000001s", "1e3s", "-1s", "1 s", "s", ".s",
        "1..5s", "1.5.5s", "5S",
        "99999999999999999999s", "٣s",
    ])
    func `what is no whole number of nanoseconds is refused`(written: String) {
        #expect(problems(around("timeouts: {total: '\(written)'}")).count == 1)
    }

    @Test func `every duration that is written reads back as itself`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let shift = UInt64.random(in: 3..<62, using: &generator)
            var scenario = try read(around(""))
            scenario.timeouts.total = Nanoseconds(Int64(generator.next() >> shift) + 1)
            let again = try read(scenario.yaml)
            #expect(again.timeouts.total == scenario.timeouts.total)
        }
    }

    @Test(arguments: [
        ("a ${ONE} b", "a 1 b"), ("${ONE}${TWO}", "12"), ("${NONE:-x}", "x"), ("${EMPTY:-x}", "x"), ("${ONE:-x}", "1"),
        ("${NONE:-}y", "y"), ("$${ONE}", "${ONE}"), ("$$${ONE}", "$${ONE}"), ("$ONE $", "$ONE $"),
        ("${RAW}", "${ONE}"), ("${NONE:-a:-b}", "a:-b"), ("x${EMPTY}", "x"),
    ])
    func `variables are replaced once`(written: String, text: String) throws {
        let environment = ["ONE": "1", "TWO": "2", "EMPTY": "", "RAW": "${ONE}"]
        #expect(try read(around("description: '\(written)'"), environment: environment).description == text)
    }

    @Test(arguments: [
        ("${NONE}", "description: the variable NONE is not set; set it, or write ${NONE:-default}"),
        ("${ONE", "description: '${' must begin ${NAME} or ${NAME:-default}; write $${ for the characters ${"),
        ("${}", "description: '${' must begin ${NAME} or ${NAME:-default}; write $${ for the characters ${"),
        ("${1A}", "description: '${' must begin ${NAME} or ${NAME:-default}; write $${ for the characters ${"),
        ("${A-b}", "description: '${' must begin ${NAME} or ${NAME:-default}; write $${ for the characters ${"),
    ])
    func `a wrong variable is refused at its place`(written: String, said: String) {
        #expect(problems(around("description: '\(written)'")) == ["s.yaml:1:14: \(said)"])
    }

    @Test func `variables work in figures, lists and bodies, and not in keys`() throws {
        let text = """
            seed: ${N}
            targets:
              - {name: a, api: tgi, base_url: 'http://${HOST:-h}', model: m}
              - name: b
                simulate: gpt-4o
                body:
                  n: ${N}
                  s: '${N}'
                  ${N}: 1
            load: {closed: {concurrency: '${N}'}, requests: 1}
            """
        let scenario = try read(text, environment: ["N": "12"])
        #expect(scenario.seed == 12)
        #expect(scenario.targets[0].baseURL == "http://h")
        #expect(scenario.targets[1].body == ["n": 12, "s": "12", "${N}": 1])
        #expect(scenario.load == .closed(concurrency: 12))
    }

    @Test(arguments: [
        "plain", "true", "", " blank ", "a: b # c", "quote\" back\\slash", "line\nline\r\ttab", "${HOME} $${x} $",
        "ünïcödé 日本 🎉", "\u{0}\u{7f}\u{85}\u{2028}\u{feff}\u{fffe}", "- x", "~", "1.5", "'single'", "a\u{301}",
    ])
    func `every text that is written reads back as itself`(text: String) throws {
        var scenario = try read(around("prompts: [{text: x}]"))
        scenario.description = text
        scenario.targets[0].body = ["text": .string(text), "in": [.string(text)], "big": .number(1e300)]
        scenario.promptSources = [.text(text + "!")]
        let again = try read(scenario.yaml)
        #expect(again.description == text)
        #expect(again.targets[0].body == scenario.targets[0].body)
        #expect(again.prompts[0].messages[0].content == text + "!")
    }
}
