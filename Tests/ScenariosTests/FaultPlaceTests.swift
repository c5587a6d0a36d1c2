import Testing
import Timeline

@testable import Scenarios

/// Simulated faults that the target's API has no place for.
struct FaultPlaceTests {
    private func text(api: String, fault: String) -> String {
        """
        name: n
        targets:
          - {name: t, api: \(api), simulate: {fault: \(fault)}}
        load: {closed: {concurrency: 1}, requests: 1}
        """
    }

    @Test func `a fault that has no place in the API is refused where it stands`() {
        #expect(
            problems(text(api: "openai-chat", fault: "bad-crc")) == [
                "s.yaml:3:51: targets.0.simulate.fault: 'bad-crc' has no place in a stream of api: openai-chat; it has "
                    + "one in bedrock. Choose one of these or another fault"
            ])
    }

    @Test(arguments: [("bedrock", "bad-crc"), ("anthropic", "bom"), ("ollama", "truncated")])
    func `a fault that has a place is taken`(_ api: String, _ fault: String) throws {
        #expect(try read(text(api: api, fault: fault)).targets.first?.simulation?.fault == fault)
    }
}
