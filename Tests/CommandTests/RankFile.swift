import Foundation

/// Rank files small enough that every count can be worked by hand.
enum RankFile {
    /// Every single byte is a token, so that a text has as many tokens as bytes, plus the tokens that are given.
    static func text(adding tokens: [String] = []) -> String {
        let singles = (UInt8.min...UInt8.max).map { Data([$0]) }
        return (singles + tokens.map { Data($0.utf8) }).enumerated()
            .map { "\($0.element.base64EncodedString()) \($0.offset)\n" }.joined()
    }
}
