/// The registry of wire dialects: the only list that a new dialect must be added to.
package enum Dialects {
    package static let all: [any Dialect] = [
        OpenAIChatDialect(),
        OpenAICompletionsDialect(),
        AnthropicDialect(),
        OpenAIResponsesDialect(),
        AzureOpenAIDialect(),
        MistralDialect(),
        CohereDialect(),
        TGIDialect(),
        LlamaCppDialect(),
        GeminiDialect(),
        BedrockDialect(),
        OllamaDialect(),
    ]

    package static var names: [String] { all.map(\.name) }

    /// The dialect that a scenario names as its `api`; nil where there is none of this name.
    package static func named(_ name: String) -> (any Dialect)? { all.first { $0.name == name } }
}
