import Timeline

/// Reads `reader`: somebody who reads the answers while they come.
enum ReaderReader {
    static func profile(_ cursor: YAMLCursor?) -> ReaderProfile? {
        guard
            let mapping = cursor?.mapping(["words", "tokens", "speed"], example: "{words: 10, tokens: 50, speed: 5.3}")
        else { return nil }
        var profile = ReaderProfile()
        if let words = mapping["words"]?.integer(1...100_000) { profile.words = words }
        if let tokens = mapping["tokens"]?.integer(1...1_000_000) { profile.tokens = tokens }
        if let speed = mapping["speed"]?.number(0.01...100_000, "tokens per second, from 0.01 to 100000") {
            profile.speed = speed
        }
        return profile
    }
}
