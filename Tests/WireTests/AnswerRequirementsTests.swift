import Testing
import Timeline

@testable import Wire

/// Tools and schemas in the words of each API, as its reference has them.
@Suite struct AnswerRequirementsTests {
    private static let parameters: JSONValue = ["type": "object", "properties": ["q": ["type": "string"]]]
    private static let settings = RequestSettings(
        tools: [ToolDefinition(name: "search", description: "Searches", parameters: parameters)],
        toolChoice: .required, answerSchema: AnswerSchema(name: "reply", schema: parameters))

    private static func body(_ api: String, _ settings: RequestSettings = settings) throws -> JSONValue {
        let target = Target(name: "t", api: api, model: "m", baseURL: "http://h/v1")
        let dialect = try #require(Dialects.named(api))
        return try JSONValue(
            parsing: dialect.encode(Prompt(id: "p", text: "hi"), settings: settings, target: target).body)
    }

    private static let function: JSONValue = [
        "name": "search", "description": "Searches", "parameters": parameters,
    ]

    @Test(arguments: ["openai-chat", "azure-openai", "mistral"])
    func `the chat APIs frame a function, and a schema has a name`(api: String) throws {
        let body = try Self.body(api)
        #expect(body["tools"] == [["type": "function", "function": Self.function]])
        #expect(body["tool_choice"] == (api == "mistral" ? "any" : "required"))
        let schema: JSONValue = ["name": "reply", "schema": Self.parameters, "strict": true]
        #expect(body["response_format"] == ["type": "json_schema", "json_schema": schema])
    }

    @Test func `the other APIs have places of their own`() throws {
        let responses = try Self.body("openai-responses")
        #expect(
            responses["tools"] == [
                ["name": "search", "description": "Searches", "parameters": Self.parameters, "type": "function"]
            ])
        #expect(responses["text"]?["format"]?["schema"] == Self.parameters)
        #expect(responses["text"]?["format"]?["type"] == "json_schema")
        let anthropic = try Self.body("anthropic")
        #expect(
            anthropic["tools"] == [
                ["name": "search", "description": "Searches", "input_schema": Self.parameters]
            ])
        #expect(anthropic["tool_choice"] == ["type": "any"])
        #expect(
            anthropic["output_config"] == ["format": ["type": "json_schema", "schema": Self.parameters]])
        let gemini = try Self.body("gemini")
        #expect(
            gemini["tools"]?.arrayValue?.first?["functionDeclarations"] == [
                ["name": "search", "description": "Searches", "parametersJsonSchema": Self.parameters]
            ])
        #expect(gemini["toolConfig"] == ["functionCallingConfig": ["mode": "ANY"]])
        #expect(gemini["generationConfig"]?["responseJsonSchema"] == Self.parameters)
        let bedrock = try Self.body("bedrock")
        let specification = bedrock["toolConfig"]?["tools"]?.arrayValue?.first?["toolSpec"]
        #expect(specification?["inputSchema"] == ["json": Self.parameters])
        #expect(bedrock["toolConfig"]?["toolChoice"] == ["any": [:]])
        let cohere = try Self.body("cohere")
        #expect(cohere["tool_choice"] == "REQUIRED")
        #expect(cohere["response_format"] == ["type": "json_object", "json_schema": Self.parameters])
        let ollama = try Self.body("ollama")
        #expect(ollama["tools"] == [["type": "function", "function": Self.function]])
        #expect(ollama["format"] == Self.parameters)
        #expect(try Self.body("llama-cpp")["json_schema"] == Self.parameters)
        #expect(
            try Self.body("tgi")["parameters"]?["grammar"] == ["type": "json", "value": Self.parameters])
    }

    @Test(arguments: Dialects.names)
    func `a request that demands nothing says nothing of it`(api: String) throws {
        let text = try Self.body(api, RequestSettings()).text
        for word in ["tool", "schema", "Schema", "format", "grammar"] { #expect(!text.contains(word), "\(text)") }
    }

    @Test func `an API that has no place for a demand says so`() {
        #expect(Dialects.all.filter { !$0.takesTools }.map(\.name) == ["openai-completions", "tgi", "llama-cpp"])
        #expect(Dialects.all.filter { !$0.takesSchema }.map(\.name) == ["openai-completions", "bedrock"])
    }
}
