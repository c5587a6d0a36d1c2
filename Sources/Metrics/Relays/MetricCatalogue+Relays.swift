// What a relay or a proxy adds, from answers to the same prompts with and without it.
extension MetricCatalogue {
    static let relays: [MetricDefinition] = [
        MetricDefinition(
            name: "relay_ttft", title: "Relay, TTFT", unit: .milliseconds,
            definition: "What a relay adds to TTFT, from a relayed and a direct answer to the same prompt; below 0 the "
                + "relayed one was faster. Needs relay_of:.",
            formula: "ttft of the relayed answer - ttft of the direct one"),
        MetricDefinition(
            name: "relay_gap", title: "Relay, gap", unit: .milliseconds,
            definition: "What a relay adds to the gap between two chunks, as they can be read. A relay that joins "
                + "chunks makes the gaps longer; one that only delays them does not. Needs relay_of:.",
            formula: "mean gap between reads with content of the relayed answer - that of the direct one; no value "
                + "where either came in one read"),
        MetricDefinition(
            name: "relay_delay", title: "Relay, delay", unit: .milliseconds,
            definition: "How much later a token is there because of a relay, on average over an answer's tokens. "
                + "Needs relay_of:.",
            formula: "mean of (arrival - sent) over the tokens of the relayed answer - that of the direct one, over as "
                + "many tokens as both have"),
    ]
}
