#if canImport(Glibc)
import Glibc
#endif

extension UnsafeRawBufferPointer {
    /// The position of the next byte of a value; the count of the bytes where there is none.
    func position(of byte: UInt8, from position: Int) -> Int {
        guard let start = baseAddress, let found = memchr(start + position, Int32(byte), count - position) else {
            return count
        }
        return UnsafeRawPointer(found) - start
    }
}
