import Foundation
import Testing

@testable import Simulator

@Suite struct AmazonEventFrameTests {
    // Made with botocore's event stream encoder.
    @Test(arguments: [
        (
            "messageStart", #"{"role":"assistant"}"#,
            "AAAAdgAAAFKW1freCzpldmVudC10eXBlBwAMbWVzc2FnZVN0YXJ0DTpjb250ZW50LXR5cGUHABBhcHBsaWNhdGlvbi9qc29uDTptZXNz"
                + "YWdlLXR5cGUHAAVldmVudHsicm9sZSI6ImFzc2lzdGFudCJ9b6jFmQ=="
        ),
        (
            "contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"Hi"}}"#,
            "AAAAlAAAAFe0q5ruCzpldmVudC10eXBlBwARY29udGVudEJsb2NrRGVsdGENOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9uL2pzb24N"
                + "Om1lc3NhZ2UtdHlwZQcABWV2ZW50eyJjb250ZW50QmxvY2tJbmRleCI6MCwiZGVsdGEiOnsidGV4dCI6IkhpIn19H5RGVw=="
        ),
    ]) func `an event's frame is the one that another encoder writes`(name: String, payload: String, expected: String) {
        #expect(Data(AmazonEventFrame.event(name, payload: Array(payload.utf8))).base64EncodedString() == expected)
    }

    @Test func `an exception's frame is the one that another encoder writes`() {
        let frame = AmazonEventFrame.exception(
            "throttlingException", payload: Array(#"{"message":"Too many tokens"}"#.utf8))
        let expected =
            "AAAAjgAAAGFRQYBUDzpleGNlcHRpb24tdHlwZQcAE3Rocm90dGxpbmdFeGNlcHRpb24NOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9u"
            + "L2pzb24NOm1lc3NhZ2UtdHlwZQcACWV4Y2VwdGlvbnsibWVzc2FnZSI6IlRvbyBtYW55IHRva2VucyJ9yBsewQ=="
        #expect(Data(frame).base64EncodedString() == expected)
    }

    // The check value of CRC-32/ISO-HDLC.
    @Test func `the checksum has its published check value`() {
        #expect(Checksum.of(Array("123456789".utf8)) == 0xcbf4_3926)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        (784_111_777, "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
        (1_709_164_800, "2024-02-29T00:00:00Z", "Thu, 29 Feb 2024 00:00:00 GMT"),
        (4_102_444_799, "2099-12-31T23:59:59Z", "Thu, 31 Dec 2099 23:59:59 GMT"),
    ]) func `a date is written as protocols want it`(seconds: Int64, internet: String, http: String) {
        let date = CalendarDate(secondsSince1970: seconds)
        #expect(date.internetText == internet && date.httpText == http)
    }
}
