import Timeline

/// Reads `price`: what a target's tokens cost, per million.
enum PriceReader {
    static func price(_ cursor: YAMLCursor?) -> TokenPrice? {
        let example = "{input: 2.5, cached_input: 1.25, output: 10}"
        guard let mapping = cursor?.mapping(["input", "cached_input", "output"], example: example),
            let input = amount(mapping.required("input", example: "input: 2.5")),
            let output = amount(mapping.required("output", example: "output: 10"))
        else { return nil }
        return TokenPrice(input: input, cachedInput: amount(mapping["cached_input"]), output: output)
    }

    private static func amount(_ cursor: YAMLCursor?) -> Double? {
        cursor?.number(0...1_000_000, "an amount per million tokens, from 0 to 1000000")
    }
}
