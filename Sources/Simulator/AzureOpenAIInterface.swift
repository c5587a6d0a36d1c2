import Timeline

/// Azure's OpenAI service: Chat Completions at a deployment's path, with the reports of a content filter among them.
struct AzureOpenAIInterface: Interface {
    let name = "azure-openai"
    let routes = [
        InterfaceRoute("/openai/deployments/*/chat/completions"), InterfaceRoute("/openai/v1/chat/completions"),
    ]
    let identifierHeader = "apim-request-id"

    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest {
        var request = try OpenAIChatInterface().read(body, of: call)
        if let deployment = call.names.first {
            guard call.query.split(separator: "&").contains(where: { $0.hasPrefix("api-version=") }) else {
                throw .notFound("Resource not found: the query has no api-version")
            }
            request.model = deployment
        }
        return request
    }

    func timingHeader(_ milliseconds: Int) -> HeaderField? {
        HeaderField("x-envoy-upstream-service-time", String(milliseconds))
    }

    func writer(of plan: AnswerPlan) -> any AnswerWriter { AzureOpenAIWriter(plan: plan) }

    func body(of error: ServiceError) -> JSONValue { error.openAIBody }

    func headers(of error: ServiceError) -> [HeaderField] { error.openAIHeaders }
}

/// Writes Chat Completions with a first event that has no choice and a later one whose choice has no delta.
struct AzureOpenAIWriter: AnswerWriter {
    private let chat: OpenAIChatWriter

    init(plan: AnswerPlan) { chat = OpenAIChatWriter(plan: plan) }

    private static let verdict: JSONValue = [
        "hate": ["filtered": false, "severity": "safe"], "violence": ["filtered": false, "severity": "safe"],
    ]

    private static func annotation(_ members: [JSONValue.Member]) -> [UInt8] {
        let head: JSONValue = ["id": "", "object": "", "created": 0, "model": ""]
        guard case .object(let common) = head else { return [] }
        return Array("data: \(JSONValue.object(common + members).text)\n\n".utf8)
    }

    func opening() -> [[UInt8]] {
        let prompt: JSONValue = [["prompt_index": 0, "content_filter_results": Self.verdict]]
        let filter = Self.annotation([.init("choices", []), .init("prompt_filter_results", prompt)])
        return [filter] + chat.opening()
    }

    var terminal: [UInt8] { chat.terminal }
    var brokenEvent: [UInt8] { chat.brokenEvent }

    func content(_ event: ContentEvent) -> [UInt8] { chat.content(event) }

    func finish(_ timing: AnswerTiming) -> FinishEvents {
        let choice: JSONValue = [
            "index": 0, "finish_reason": nil, "content_filter_results": Self.verdict,
            "content_filter_offsets": ["check_offset": 0, "start_offset": 0, "end_offset": 0],
        ]
        var events = chat.finish(timing)
        events.finish = Self.annotation([.init("choices", [choice])]) + events.finish
        return events
    }

    func failure(_ error: ServiceError) -> [UInt8] { chat.failure(error) }

    func whole(_ texts: AnswerTexts, _ timing: AnswerTiming) -> JSONValue { chat.whole(texts, timing) }
}
