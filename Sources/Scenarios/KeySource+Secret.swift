package import Timeline

import FoundationEssentials

extension Target.KeySource {
    /// Reads the secret; nil where the variable is unset or empty, or the file cannot be read or is empty.
    package func secret(in environment: [String: String]) -> String? {
        let text: String?
        switch self {
        case .environment(let name): text = environment[name]
        case .file(let path):
            text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        }
        guard let text else { return nil }
        let isBlank = { (character: Character) in character.isWhitespace }
        let trimmed = text.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    /// Why there is no secret, for people; what could itself be a key is not repeated.
    package var absence: String {
        switch self {
        case .environment(let name):
            name.contains(where: \.isLowercase)
                ? "the variable that api_key_env names is not set" : "\(name) is not set"
        case .file: "the file that api_key_file names cannot be read or is empty"
        }
    }

    /// Why the secret cannot be sent, for people: as part of a header, a line end in it would begin another header.
    ///
    /// Nil where the secret is missing or sound. The value is never repeated.
    package func flaw(in environment: [String: String]) -> String? {
        let isControl = { (scalar: Unicode.Scalar) in scalar.value < 0x20 || scalar.value == 0x7f }
        guard let secret = secret(in: environment), secret.unicodeScalars.contains(where: isControl) else { return nil }
        // What is there under its name is a name, and no key that was written in its place.
        let place =
            switch self {
            case .environment(let name): name
            case .file(let path): path
            }
        return "\(place) holds a line end or another control character within the key; store the key alone there"
    }
}
