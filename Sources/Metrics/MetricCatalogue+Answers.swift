// What somebody has of an answer before its end, and what streaming it is worth.
extension MetricCatalogue {
    static let reading: [MetricDefinition] = [
        MetricDefinition(
            name: "first_sentence", title: "First sentence", unit: .milliseconds,
            definition: "Time from sending a request until its first sentence is complete. It ends with . ! ? or an "
                + "ellipsis before white space, with their counterparts in other scripts, or with its line; the number "
                + "of a list's item is none. Needs reader:.",
            formula: "arrival of the event with the sentence's last character - sent"),
        MetricDefinition(
            name: "first_words", title: "First words", unit: .milliseconds,
            definition: "Time from sending a request until its first words are complete: 10, or reader.words. Needs "
                + "reader:.",
            formula: "arrival of the event with the last character of the n-th word - sent; no value for fewer words"),
        MetricDefinition(
            name: "time_to_tokens", title: "Time to n tokens", unit: .milliseconds,
            definition: "Time from sending a request until so many tokens have come: 50, or reader.tokens. Needs "
                + "reader:.",
            formula: "arrival of the first read by which n tokens have come - sent; no value for fewer tokens"),
        MetricDefinition(
            name: "reading_end", title: "Reading end", unit: .milliseconds,
            definition: "Time from sending a request until somebody who reads along has read all: at 5.3 tokens per "
                + "second, or reader.speed. Needs reader:.",
            formula: "max over reads of T_j - sent + (N - tokens before read j) / r"),
    ]

    static let tools: [MetricDefinition] = [
        MetricDefinition(
            name: "time_to_tool", title: "First tool event", unit: .milliseconds,
            definition: "Time from sending a request to the first event of its first tool call. Needs request.tools.",
            formula: "arrival of the first event with a part of a call - sent; no value without a call"),
        MetricDefinition(
            name: "time_to_tool_name", title: "Tool name", unit: .milliseconds,
            definition:
                "Time from sending a request until the name of its first tool call is there. Needs request.tools.",
            formula: "arrival of the event with the end of the name - sent"),
        MetricDefinition(
            name: "time_to_tool_call", title: "Tool call", unit: .milliseconds,
            definition:
                "Time from sending a request until the arguments of its first tool call are one whole JSON text: "
                + "what an agent waits for before it can act. Needs request.tools.",
            formula: "arrival of the event that completes the arguments - sent; no value where none does"),
        MetricDefinition(
            name: "time_to_all_tool_calls", title: "All tool calls", unit: .milliseconds,
            definition: "The same for the last of all calls of an answer.",
            formula:
                "arrival of the event that completes the last arguments - sent; no value where one call is not whole"),
        MetricDefinition(
            name: "tool_calls", title: "Tool calls", unit: .count, isHigherBetter: true,
            definition: "Tool calls of an answer; 0 where it has text in their place. Needs request.tools.",
            formula: "number of names"),
    ]

    static let structure: [MetricDefinition] = [
        MetricDefinition(
            name: "time_to_first_field", title: "First field", unit: .milliseconds,
            definition: "Time from sending a request until the first member of the answer's outermost object has its "
                + "whole value. Needs request.response_format.",
            formula: "arrival of the event that completes the value - sent"),
        MetricDefinition(
            name: "time_to_valid_json", title: "Valid JSON", unit: .milliseconds,
            definition: "Time from sending a request until the answer is one whole JSON text. Needs "
                + "request.response_format.",
            formula: "arrival of the event that completes the text - sent; no value where the answer ended invalid"),
    ]

    /// How many whole calls there were among those begun, and how many answers were no JSON.
    static let answerShares: [MetricDefinition] = [
        MetricDefinition(
            name: "whole_tool_calls", title: "Whole tool calls", unit: .share, isHigherBetter: true,
            definition: "Share of the tool calls of complete answers whose arguments ended as one JSON text.",
            formula: "calls with whole arguments / calls; no value without a call", isOnePerRun: true),
        MetricDefinition(
            name: "invalid_json", title: "Invalid JSON", unit: .share,
            definition:
                "Share of complete answers that were to be JSON and ended as something else, as where the limit "
                + "on tokens cut them. The schema itself is not checked.",
            formula: "answers that are not one JSON text / complete answers", isOnePerRun: true),
    ]

    /// What the names of metrics about single fields begin with; there is one for each field that answers had.
    package static let fieldPrefix = "time_to_field."

    package static func field(_ name: String) -> MetricDefinition {
        MetricDefinition(
            name: fieldPrefix + name, title: "Field \(name)", unit: .milliseconds,
            definition: "Time from sending a request until this member of the answer's outermost object has its whole "
                + "value.",
            formula: "arrival of the event that completes the value - sent")
    }

    /// The metrics that no stream has by itself.
    static let ofPairs = Set((streaming + relays).map(\.name))

    static let streaming: [MetricDefinition] = [
        MetricDefinition(
            name: "measured_gain", title: "Measured gain", unit: .share, isHigherBetter: true,
            definition:
                "Share of the wait for a whole answer that streaming hides, from a streamed and a whole answer to "
                + "the same prompt: stream: both. What stream_gain takes for granted is measured here.",
            formula: "1 - ttfat of the stream / e2e of the whole answer"),
        MetricDefinition(
            name: "stream_overhead", title: "Stream overhead", unit: .share,
            definition:
                "How much longer a streamed answer takes to its end than a whole one to the same prompt; below 0 "
                + "it is faster. Needs stream: both, and answers of one length.",
            formula: "e2e of the stream / e2e of the whole answer - 1"),
    ]
}
