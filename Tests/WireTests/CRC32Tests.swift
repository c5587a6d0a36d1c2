import Testing

@testable import Wire

struct CRC32Tests {
    @Test func `the checksum is that of the definition`() {
        func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes(CRC32.checksum) }
        #expect(checksum(Array("123456789".utf8)) == 0xcbf4_3926)
        #expect(checksum([]) == 0)
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        for length in [1, 3, 4, 5, 8, 255, 1000] {
            #expect(checksum(Array(bytes.prefix(length))) == AWSMessage.checksum(Array(bytes.prefix(length))))
        }
    }
}
