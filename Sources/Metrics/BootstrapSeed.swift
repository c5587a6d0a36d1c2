/// The seed of a bootstrap, made from the names of its data: the same data give the same interval on every road.
enum BootstrapSeed {
    /// Hashes the names by FNV-1a, to 32 bits, so that a printed seed can be copied.
    static func seed(of names: String...) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in names {
            for byte in Array(name.utf8) + [0] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        return hash >> 32
    }
}
