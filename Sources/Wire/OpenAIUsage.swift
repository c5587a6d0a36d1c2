import Timeline

extension TokenUsage {
    /// Reads the usage object of the OpenAI APIs, and of those that name parts in their own way: DeepSeek, SGLang.
    init(openAI scanner: inout JSONScanner) {
        self.init()
        guard scanner.beginObject() else { return }
        while let name = scanner.nextMember() {
            if name.equals("prompt_tokens") {
                input = scanner.integer()
            } else if name.equals("completion_tokens") {
                output = scanner.integer()
            } else if name.equals("prompt_tokens_details") {
                if let count = Self.member("cached_tokens", &scanner) { cached = count }
            } else if name.equals("prompt_cache_hit_tokens") {
                let count = scanner.integer()
                if cached == nil { cached = count }
            } else if name.equals("completion_tokens_details") {
                if let count = Self.member("reasoning_tokens", &scanner) { reasoning = count }
            } else if name.equals("reasoning_tokens") {
                let count = scanner.integer()
                if reasoning == nil { reasoning = count }
            } else {
                scanner.skip()
            }
        }
    }

    private static func member(_ member: StaticString, _ scanner: inout JSONScanner) -> Int? {
        guard scanner.beginObject() else { return nil }
        var count: Int?
        while let name = scanner.nextMember() {
            if name.equals(member) { count = scanner.integer() } else { scanner.skip() }
        }
        return count
    }
}
