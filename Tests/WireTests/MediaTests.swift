import Testing
import Timeline

@testable import Wire

/// Images and sound: output, and no text.
struct MediaTests {
    static let chatEnd = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
    static let responsesEnd =
        #"data: {"type":"response.completed","response":{"id":"r","status":"completed"}}"# + "\n\n"

    static let pieces: [(api: String, data: String, end: String)] = [
        (
            "openai-chat",
            #"{"choices":[{"index":0,"delta":{"content":"","images":[{"image_url":{"url":"data:image/png;base64,AAAA"}}]}}]}"#,
            chatEnd
        ),
        ("openai-chat", #"{"choices":[{"index":0,"delta":{"audio":{"id":"x","data":"AAAA"}}}]}"#, chatEnd),
        (
            "openai-chat",
            #"{"choices":[{"index":0,"delta":{"content":[{"type":"image_url","image_url":{"url":"data:,A"}}]}}]}"#,
            chatEnd
        ),
        ("openai-responses", #"{"type":"response.audio.delta","delta":"AAAA"}"#, responsesEnd),
        ("openai-responses", #"{"type":"response.output_audio.delta","delta":"AAAA"}"#, responsesEnd),
        (
            "openai-responses",
            #"{"type":"response.image_generation_call.partial_image","partial_image_index":0,"partial_image_b64":"AAAA"}"#,
            responsesEnd
        ),
        (
            "openai-responses",
            #"{"type":"response.output_item.done","item":{"result":"AAAA","type":"image_generation_call"}}"#,
            responsesEnd
        ),
        (
            "gemini",
            #"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},"finishReason":"STOP"}]}"#,
            ""
        ),
    ]

    @Test(arguments: pieces.indices)
    func `an image or sound alone is an answer, and no text`(_ index: Int) throws {
        let piece = Self.pieces[index]
        let stream = try Capture("data: \(piece.data)\n\n" + piece.end).decoded(as: piece.api)
        #expect(stream.outcome == StreamOutcome(.ok) && stream.contentCount == 1)
        #expect(stream.text().isEmpty && stream.events.allSatisfy { $0.characters == 0 && $0.contentBytes == 0 })
    }

    @Test(arguments: [
        #"{"choices":[{"index":0,"delta":{"images":[]}}]}"#,
        #"{"choices":[{"index":0,"delta":{"audio":{"data":""}}}]}"#,
        #"{"choices":[{"index":0,"delta":{"audio":{"id":"x","expires_at":1}}}]}"#,
    ])
    func `an empty image or sound proves nothing`(_ data: String) throws {
        let stream = try Capture("data: \(data)\n\n" + Self.chatEnd).decoded()
        #expect(stream.outcome == StreamOutcome(.okEmpty) && stream.contentCount == 0)
    }

    @Test func `what is said in sound is text`() throws {
        let data = #"{"choices":[{"index":0,"delta":{"audio":{"transcript":"hi","data":"AAAA"}}}]}"#
        let stream = try Capture("data: \(data)\n\n" + Self.chatEnd).decoded()
        #expect(stream.text() == "hi" && stream.contentCount == 1 && stream.events.first?.contentBytes == 2)
    }

    @Test func `text beside an image is all of the text`() throws {
        let data =
            #"{"candidates":[{"content":{"parts":[{"text":"a"},{"inlineData":{"data":"AAAA"}},{"text":"b"}]},"finishReason":"STOP"}]}"#
        let stream = try Capture("data: \(data)\n\n").decoded(as: "gemini")
        #expect(stream.text() == "ab" && stream.events.first?.characters == 2)
    }
}
