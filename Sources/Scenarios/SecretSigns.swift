/// By what a header or a member of a body is taken for a secret, which must not become part of a scenario.
enum SecretSigns {
    /// Names in lower case without `-` and `_`.
    private static let names: Set<String> = [
        "authorization", "proxyauthorization", "xapikey", "apikey", "xgoogapikey", "xamzsecuritytoken",
        "ocpapimsubscriptionkey", "cookie", "setcookie", "token", "accesskeyid",
    ]
    private static let nameEndings = [
        "apikey", "accesskey", "secretkey", "privatekey", "subscriptionkey", "secret", "password", "passwd",
        "authorization", "accesstoken", "apitoken", "authtoken", "bearertoken", "sessiontoken", "securitytoken",
        "refreshtoken",
    ]
    private static let schemes = ["bearer ", "basic "]
    private static let keyPrefixes = ["sk-", "gsk_", "xai-", "aiza"]

    /// Whether what bears the name is a secret; `max_tokens` and `stop_token_ids` are none.
    static func isName(_ name: String) -> Bool {
        let bare = name.lowercased().filter { $0 != "-" && $0 != "_" }
        return names.contains(bare) || nameEndings.contains(where: bare.hasSuffix)
    }

    /// Whether a text begins as keys and credentials do.
    static func isValue(_ text: String) -> Bool {
        (schemes + keyPrefixes).contains(where: text.lowercased().hasPrefix)
    }

    /// Whether a text that may be prose, such as `Basic rules apply.`, is a credential: it begins so and is one word.
    static func isValueInProse(_ text: String) -> Bool {
        let lowered = text.lowercased()
        let scheme = schemes.first(where: lowered.hasPrefix) ?? ""
        return isValue(text) && !lowered.dropFirst(scheme.count).contains(where: \.isWhitespace)
    }

    static let advice = "name it in api_key_env or api_key_file instead"
    static let nameAdvice = "carries a secret; remove it and name the secret in api_key_env or api_key_file"
}
