import Timeline

/// Reads `aws`: the names of the variables that hold the credentials which sign a target's requests.
struct AWSAccessReader {
    static let keys = ["access_key_env", "secret_key_env", "session_token_env", "region"]
    static let example =
        "{access_key_env: AWS_ACCESS_KEY_ID, secret_key_env: AWS_SECRET_ACCESS_KEY, region: us-east-1}"

    let cursor: YAMLCursor

    /// Reads the mapping; no message repeats what was written in the place of a secret's name.
    func read() -> AWSAccess? {
        guard let mapping = cursor.mapping(Self.keys, example: Self.example, reasonToRefuse: Self.reasonToRefuse)
        else { return nil }
        let accessKey = mapping.required("access_key_env", example: "access_key_env: AWS_ACCESS_KEY_ID")
        let secretKey = mapping.required("secret_key_env", example: "secret_key_env: AWS_SECRET_ACCESS_KEY")
        let token = mapping["session_token_env"]
        let names = [accessKey, secretKey, token].map { $0.flatMap(variable) }
        let region = mapping.required("region", example: "region: us-east-1").flatMap(readRegion)
        guard let accessKey = names[0], let secretKey = names[1], let region else { return nil }
        return AWSAccess(
            accessKeyVariable: accessKey, secretKeyVariable: secretKey, sessionTokenVariable: names[2], region: region)
    }

    private func variable(_ entry: YAMLCursor) -> String? {
        guard let text = entry.literal, EnvironmentSubstitution.isVariableName(text), !Self.looksLikeAKey(text) else {
            entry.report(
                "\(entry.path) must be the name of an environment variable, such as AWS_ACCESS_KEY_ID, "
                    + "and not the secret itself")
            return nil
        }
        return text
    }

    /// Whether a text has the form of AWS's own access key ids: 20 capitals and digits that begin in a known way.
    private static func looksLikeAKey(_ text: String) -> Bool {
        text.count == 20 && ["AKIA", "ASIA"].contains { text.hasPrefix($0) }
            && text.allSatisfy { $0.isUppercase || $0.isNumber }
    }

    private func readRegion(_ entry: YAMLCursor) -> String? {
        guard let text = entry.text() else { return nil }
        let isPlain = text.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || $0 == UInt8(ascii: "-")
        }
        guard isPlain else {
            entry.report("\(entry.path) must be a region such as us-east-1; found '\(text.prefix(40))'")
            return nil
        }
        return text
    }

    private static func reasonToRefuse(_ key: String) -> String? {
        let secrets = [
            "access_key", "access_key_id", "aws_access_key_id", "secret_key", "secret_access_key",
            "aws_secret_access_key", "session_token", "aws_session_token",
        ]
        guard secrets.contains(key.lowercased()) else { return nil }
        return "'\(key)' would keep a secret in the scenario; use \(keys[..<3].joined(separator: ", ")), "
            + "each with the name of a variable"
    }
}
