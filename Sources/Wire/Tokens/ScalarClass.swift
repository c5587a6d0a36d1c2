/// What the split patterns ask of a Unicode scalar.
struct ScalarClass: OptionSet {
    let rawValue: UInt8

    // `\p{L}`
    static let letter = ScalarClass(rawValue: 1)
    // `\p{N}`
    static let number = ScalarClass(rawValue: 2)
    // `\s`
    static let space = ScalarClass(rawValue: 4)
    /// Carriage return or line feed.
    static let newline = ScalarClass(rawValue: 8)
    // `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`
    static let upper = ScalarClass(rawValue: 16)
    // `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
    static let lower = ScalarClass(rawValue: 32)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x61...0x7A: self = [.letter, .lower]
        case 0x41...0x5A: self = [.letter, .upper]
        case 0x30...0x39: self = .number
        case 0x0A, 0x0D: self = [.space, .newline]
        case 0x09, 0x0B, 0x0C, 0x20: self = .space
        case 0..<0x80: self = []
        default: self.init(beyondASCII: scalar.properties)
        }
    }

    private init(beyondASCII properties: Unicode.Scalar.Properties) {
        switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: self = [.letter, .upper]
        case .lowercaseLetter: self = [.letter, .lower]
        case .modifierLetter, .otherLetter: self = [.letter, .upper, .lower]
        case .nonspacingMark, .spacingMark, .enclosingMark: self = [.upper, .lower]
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        default: self = properties.isWhitespace ? .space : []
        }
    }
}
