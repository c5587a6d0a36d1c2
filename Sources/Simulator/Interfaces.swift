/// The APIs that the simulator speaks.
enum Interfaces {
    static let all: [any Interface] = [
        OpenAIChatInterface(), OpenAICompletionsInterface(), OpenAIResponsesInterface(), AzureOpenAIInterface(),
        AnthropicInterface(), GeminiInterface(), BedrockInterface(), CohereInterface(), MistralInterface(),
        OllamaInterface(), TGIInterface(), LlamaInterface(),
    ]

    static var names: [String] { all.map(\.name) }

    struct Match {
        var interface: any Interface
        var names: [Substring]
        var streams: Bool?
        /// The segments before the API's own.
        var prefix: ArraySlice<Substring>
    }

    /// Finds the API that a path means: the one with the longest path that fits, unless another one is preferred.
    static func match(_ path: [Substring], preferring preferred: (ArraySlice<Substring>) -> String?) -> Match? {
        var best: Match?
        for interface in all {
            for route in interface.routes {
                guard let (names, count) = route.captures(in: path, dropsVersion: true) else { continue }
                let prefix = path.dropLast(count)
                let isPreferred = preferred(prefix) == interface.name
                guard isPreferred || count == route.segments.count else { continue }
                let isLonger = best.map { prefix.count < $0.prefix.count } ?? true
                let bestIsPreferred = best.map { preferred($0.prefix) == $0.interface.name } ?? false
                guard isPreferred && !bestIsPreferred || isLonger && isPreferred == bestIsPreferred else { continue }
                best = Match(interface: interface, names: names, streams: route.streams, prefix: prefix)
            }
        }
        return best
    }
}
