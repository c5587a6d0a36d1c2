import Timeline

extension TokenUsage {
    /// Reads the usage object of the OpenAI APIs, and of those that name parts in their own way: DeepSeek, SGLang.
    init(openAI scanner: inout JSONScanner) {
        self.init()
        var total: Int?
        scanner.forEachMember { name, scanner in
            if name.equals("prompt_tokens") {
                input = scanner.integer()
            } else if name.equals("completion_tokens") {
                output = scanner.integer()
            } else if name.equals("total_tokens") {
                total = scanner.integer()
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
        // xAI counts reasoning beside the completion, which only its total tells.
        if let reasoning, reasoning > 0, let total, total == TokenUsage.sum(input, output, reasoning) {
            output = TokenUsage.sum(output, reasoning)
        }
    }
}
