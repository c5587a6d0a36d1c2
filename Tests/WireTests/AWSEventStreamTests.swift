import Foundation
import Testing
import Timeline

@testable import Wire

struct AWSEventStreamTests {
    /// What a decoder handed over, in words.
    private static func items(
        _ reads: [[UInt8]], limit: Int = 16 << 20
    ) -> (items: [String], decoder: AWSEventStreamDecoder) {
        var decoder = AWSEventStreamDecoder(limit: limit)
        var items: [String] = []
        for read in reads {
            read.withUnsafeBytes { bytes in
                decoder.receive(bytes, into: &items) { item, items in
                    switch item {
                    case .event(let event):
                        items.append("\(event.type) \(String(decoding: event.data, as: UTF8.self)) \(event.wireBytes)")
                    case .failure(let error, let wireBytes):
                        items.append("! \(error.detail) \(error.message) \(wireBytes)")
                    case .unknown(let kind, let wireBytes): items.append("? \(kind) \(wireBytes)")
                    }
                }
            }
        }
        return (items, decoder)
    }

    private static func bytes(_ text: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: text))) }

    @Test(arguments: [
        (
            "AAAAdgAAAFKW1freCzpldmVudC10eXBlBwAMbWVzc2FnZVN0YXJ0DTpjb250ZW50LXR5cGUHABBhcHBsaWNhdGlvbi9qc29uDTptZXNzYWdlLXR5cGUHAAVldmVudHsicm9sZSI6ImFzc2lzdGFudCJ9b6jFmQ==",
            #"messageStart {"role":"assistant"} 118"#
        ),
        (
            "AAAAlAAAAFe0q5ruCzpldmVudC10eXBlBwARY29udGVudEJsb2NrRGVsdGENOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9uL2pzb24NOm1lc3NhZ2UtdHlwZQcABWV2ZW50eyJjb250ZW50QmxvY2tJbmRleCI6MCwiZGVsdGEiOnsidGV4dCI6IkhpIn19H5RGVw==",
            #"contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Hi"}} 148"#
        ),
        (
            "AAAAjgAAAGFRQYBUDzpleGNlcHRpb24tdHlwZQcAE3Rocm90dGxpbmdFeGNlcHRpb24NOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9uL2pzb24NOm1lc3NhZ2UtdHlwZQcACWV4Y2VwdGlvbnsibWVzc2FnZSI6IlRvbyBtYW55IHRva2VucyJ9yBsewQ==",
            "! rate_limited Too many tokens 142"
        ),
        (
            "AAAAWgAAAEqBiKCNCzplcnJvci1jb2RlBwAPSW50ZXJuYWxGYWlsdXJlDjplcnJvci1tZXNzYWdlBwAEYm9vbQ06bWVzc2FnZS10eXBlBwAFZXJyb3L41pmd",
            "! server boom 90"
        ),
    ])
    func `a message means the same, whole and byte by byte`(_ message: String, _ meaning: String) throws {
        let message = try Self.bytes(message)
        #expect(Self.items([message]).items == [meaning])
        #expect(Self.items((message + message).map { [$0] }).items == [meaning, meaning])
        for cut in 1..<message.count {
            let (items, decoder) = Self.items([Array(message[..<cut])])
            #expect(items.isEmpty && decoder.isInsideMessage && decoder.failure == nil)
        }
    }

    @Test func `headers of every type are read as botocore reads them`() throws {
        for expected in try AWSOracle.read().messages {
            try Array(expected.bytes).withUnsafeBytes { bytes in
                let message = try AWSEventStreamMessage(bytes)
                #expect(message.texts == expected.texts)
                #expect(Data(message.payload) == expected.payload)
            }
        }
    }

    @Test func `what the tests write is what botocore reads`() throws {
        let written = [
            AWSMessage.event("messageStart", #"{"role":"assistant"}"#),
            AWSMessage.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"Hi"}}"#),
            AWSMessage.exception("throttlingException", #"{"message":"Too many tokens"}"#),
            AWSMessage.error("InternalFailure", "boom"), AWSMessage.encoded([], ""),
        ]
        #expect(written.map { Data($0) } == (try AWSOracle.read().messages.prefix(5).map(\.bytes)))
    }

    @Test func `a broken message is refused whatever is broken, and nothing after it is believed`() throws {
        let good = AWSMessage.event("x", "{}")
        for broken in try AWSOracle.read().broken {
            let bytes = Array(broken.bytes)
            for reads in [[bytes + good], (bytes + good).map { [$0] }] {
                let (items, decoder) = Self.items(reads)
                #expect(items.isEmpty && decoder.failure != nil, "\(broken.error ?? "botocore takes it")")
            }
        }
    }

    @Test func `a message beyond the limit is refused by its length alone`() {
        let message = AWSMessage.event("x", String(repeating: "a", count: 200))
        #expect(Self.items([message], limit: message.count).items.count == 1)
        let (items, decoder) = Self.items([Array(message.prefix(12))], limit: message.count - 1)
        #expect(items.isEmpty && decoder.failure == .tooLarge(limit: message.count - 1))
    }

    @Test(arguments: [
        ("throttlingException", "rate_limited"), ("serviceUnavailableException", "overloaded"),
        ("modelNotReadyException", "overloaded"), ("validationException", "invalid"),
        ("accessDeniedException", "auth"), ("internalServerException", "server"),
        ("modelStreamErrorException", "server"), ("modelTimeoutException", "server"),
    ])
    func `an exception's type says what kind of error it is`(_ type: String, _ detail: String) {
        for payload in [#"{"message":"m"}"#, #"{"Message":"m"}"#, "m"] {
            let message = AWSMessage.exception(type, payload)
            #expect(Self.items([message]).items == ["! \(detail) m \(message.count)"])
        }
        let bare = AWSMessage.exception(type, "")
        #expect(Self.items([bare]).items == ["! \(detail) \(type) \(bare.count)"])
    }

    @Test func `a message of an unknown kind is passed over`() {
        let message = AWSMessage.encoded([(":message-type", "news")], "{}")
        #expect(Self.items([message]).items == ["? news \(message.count)"])
    }
}
