import Testing
import Timeline

@testable import Wire

struct RequestSignerTests {
    private static func credentials(_ region: String = "us-east-1", token: String? = nil) -> AWSCredentials {
        AWSCredentials(
            accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: token,
            region: region)
    }

    @Test func `the signature is botocore's, whatever the model's name, the place and the time`() throws {
        let signatures = try AWSOracle.read().signatures
        #expect(signatures.count >= 16)
        for expected in signatures {
            let signer = try #require(
                RequestSigner(
                    url: expected.url,
                    headers: [
                        HeaderField("Content-Type", expected.contentType), HeaderField("Accept", "*/*"),
                        HeaderField("X-Team", "bench"),
                    ], credentials: Self.credentials(expected.region, token: expected.token)))
            let hash = signer.payloadHash(of: Array(expected.body.utf8))
            let headers = signer.headers(payloadHash: hash, wallClock: expected.seconds * 1_000_000_000 + 999_999_999)
            let token = expected.token.map { [HeaderField("X-Amz-Security-Token", $0)] } ?? []
            #expect(
                headers == [
                    HeaderField("X-Amz-Date", expected.date), HeaderField("Authorization", expected.authorization),
                ] + token, "\(expected.url)")
        }
    }

    @Test func `a model whose name has a colon is encoded twice where it is signed`() {
        let request = CanonicalRequest(
            url:
                "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse-stream",
            headers: [HeaderField("Content-Type", "application/json")])
        let body =
            #"{"messages":[{"role":"user","content":[{"text":"hi"}]}],"inferenceConfig":{"maxTokens":8}}"#
        let hash = SHA256Digest(of: Array(body.utf8)).hexadecimal
        #expect(hash == "415ab31c0a9eb1c51ba2e3563db62d07a33df87c7b34bf887bfab4d4e1fd3125")
        let text = request.text(date: "20260102T030405Z", payloadHash: hash)
        #expect(
            text == """
                POST
                /model/anthropic.claude-3-haiku-20240307-v1%253A0/converse-stream

                content-type:application/json
                host:bedrock-runtime.us-east-1.amazonaws.com
                x-amz-date:20260102T030405Z

                content-type;host;x-amz-date
                415ab31c0a9eb1c51ba2e3563db62d07a33df87c7b34bf887bfab4d4e1fd3125
                """)
        #expect(
            SHA256Digest(of: Array(text.utf8)).hexadecimal
                == "7f508a99802af22a3122517877f61758c951d13119a4025680c2183fd7de4d47")
    }

    @Test func `a host that the target names itself is signed as it is sent`() {
        let request = CanonicalRequest(
            url: "http://127.0.0.1:8080/model/m/converse", headers: [HeaderField("Host", "bedrock.example")])
        #expect(request.text(date: "d", payloadHash: "h").contains("\nhost:bedrock.example\n"))
    }

    // FIPS 180-4 by way of NIST's examples, and RFC 4231, test case 2.
    @Test func `the digests are those of the standards`() {
        #expect(
            SHA256Digest(of: Array("abc".utf8)).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256Digest(of: []).hexadecimal == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256Digest(of: "what do ya want for nothing?", key: Array("Jefe".utf8)).hexadecimal
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `credentials do not show where they are printed`() {
        let credentials = Self.credentials(token: "TOKEN-EXAMPLE")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
            #expect(!credentials.secrets.contains { text.contains($0) })
        }
        #expect(credentials.secrets.count == 3)
    }
}
