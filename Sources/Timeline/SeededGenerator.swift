/// A reproducible random generator: SplitMix64 (Steele, Lea and Flood 2014).
///
/// The same seed gives the same numbers on every machine, which `SystemRandomNumberGenerator` cannot.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// Creates a generator whose numbers depend on the seed and on a purpose, so that purposes do not share draws.
    package init(seed: UInt64, purpose: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        state = seed ^ hash
        _ = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Draws a number evenly from the open interval (0, 1).
    package mutating func unitInterval() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }
}
