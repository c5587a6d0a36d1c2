package import Timeline

/// Azure's OpenAI service: the chat API, with the deployment and the API's version in the path.
package struct AzureOpenAIDialect: Dialect {
    package let name = "azure-openai"
    package let endsWithDone = true

    /// The version that is asked for where the base URL has no `api-version` in its query: the latest that is no preview.
    package static let defaultVersion = "2024-10-21"

    package init() {}

    package func authentication(key: String) -> HeaderField { HeaderField("api-key", key) }

    /// The path of the target's deployment, which its model names.
    ///
    /// A base URL that ends with `/openai/v1` means the newer API, which has neither deployments nor versions.
    package func path(for target: Target) -> String {
        let base = BaseURL(target.baseURL)
        if base.text.hasSuffix("/openai/v1") { return "/chat/completions" }
        let hasVersion = base.query.split(separator: "&").contains { $0.hasPrefix("api-version=") }
        let version = hasVersion ? "" : "?api-version=\(Self.defaultVersion)"
        if base.text.contains("/openai/deployments/") { return "/chat/completions" + version }
        let service = base.text.hasSuffix("/openai") ? "" : "/openai"
        return "\(service)/deployments/\(Self.segment(target.model))/chat/completions" + version
    }

    /// A name as one segment of a path (RFC 3986): what is not unreserved is percent-encoded.
    private static func segment(_ name: String) -> String {
        var segment = ""
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                segment.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                segment += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return segment
    }

    package func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest {
        let body = OpenAIRequest.complete(
            ["model": .string(target.model), "messages": OpenAIRequest.messages(prompt)], settings: settings,
            server: .azure, isChat: true)
        return EncodedRequest(
            path: path(for: target), headers: contentHeaders(settings), body: body, target: target)
    }

    package func read(_ event: WireEvent, into reading: inout StreamReading) {
        OpenAIChatDialect.read(event, into: &reading)
    }

    package func read(answer: JSONValue, into reading: inout StreamReading) {
        OpenAIChatDialect.read(answer: answer, into: &reading)
    }
}
