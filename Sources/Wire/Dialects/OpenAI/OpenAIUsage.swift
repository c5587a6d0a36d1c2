import Timeline

extension TokenUsage {
    /// Reads the usage object of the OpenAI APIs, and of those that name parts in their own way: DeepSeek, SGLang.
    init(openAI scanner: inout JSONScanner) {
        self.init()
        scanner.forEachMember { name, scanner in
            if name.equals("prompt_tokens") {
                input = scanner.integer()
            } else if name.equals("completion_tokens") {
                output = scanner.integer()
            } else if name.equals("prompt_tokens_details") {
                scanner.takeMember("cached_tokens") { cached = $0.integer() ?? cached }
            } else if name.equals("prompt_cache_hit_tokens") {
                let count = scanner.integer()
                if cached == nil { cached = count }
            } else if name.equals("completion_tokens_details") {
                scanner.takeMember("reasoning_tokens") { reasoning = $0.integer() ?? reasoning }
            } else if name.equals("reasoning_tokens") {
                let count = scanner.integer()
                if reasoning == nil { reasoning = count }
            } else {
                scanner.skip()
            }
        }
    }
}
