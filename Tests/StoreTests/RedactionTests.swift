import Foundation
import Store
import Testing

@Suite struct RedactionTests {
    private let secret = "sk-test/9~+key?>4711"

    /// Whatever stands before a key moves it within base64's groups of three bytes.
    @Test(arguments: ["", "u", "us", "user:", "Bearer "], ["", ":", "\n\n", ", and more words"])
    func `a key inside of base64 is masked wherever it begins`(before: String, after: String) {
        let redaction = Redaction(secrets: [secret])
        let plain = Data((before + secret + after).utf8).base64EncodedString()
        let web = plain.replacing("+", with: "-").replacing("/", with: "_")
        for encoded in [plain, web, plain.replacing("/", with: "\\/")] {
            let redacted = redaction.text("<\(encoded)>")
            let rest = redacted.replacing("***", with: "")
            // What is left encodes what stood around the key, and at most the bits that share a character with it.
            #expect(redacted.contains("***"))
            #expect(rest.count <= ((before + after).utf8.count + 2) * 4 / 3 + 6, "\(redacted)")
        }
    }

    @Test(arguments: ["sk-test%2F9~%2Bkey%3F%3E4711", "sk-test%2f9~%2bkey%3f%3e4711", "sk-test\\/9~+key?>4711"])
    func `a key is masked as URLs and JSON writers escape it`(form: String) {
        #expect(Redaction(secrets: [secret]).text("a \(form) b") == "a *** b")
    }

    @Test func `texts without the key stay as they are`() {
        let redaction = Redaction(secrets: [secret])
        for text in ["", "sk", "sk-te", "a token", Data("Bearer sk-other-key-4711".utf8).base64EncodedString()] {
            #expect(redaction.text(text) == text)
        }
    }
}
