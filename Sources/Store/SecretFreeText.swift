/// Takes out of texts what would be a secret, so that no database ever holds one.
enum SecretFreeText {
    /// Removes user and password from a URL and blanks the values of its query, where some APIs take a key;
    /// `api-version`, which is part of the address, stays.
    static func url(_ url: String) -> String {
        let bare = withoutUserInformation(url)
        guard let mark = bare.firstIndex(of: "?") else { return bare }
        let parameters = bare[bare.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let blanked = parameters.map { parameter -> String in
            guard let equals = parameter.firstIndex(of: "="), !parameter.hasPrefix("api-version=") else {
                return String(parameter)
            }
            return parameter[...equals] + "***"
        }
        return bare[...mark] + blanked.joined(separator: "&")
    }

    /// Removes `user:password@` from every URL in a text.
    static func withoutUserInformation(_ text: String) -> String {
        var output = ""
        var rest = Substring(text)
        while let scheme = rest.firstRange(of: "://") {
            output += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let authority = rest.prefix { !" \t\r\n/?#\"'<>,".contains($0) }
            if let at = authority.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        }
        return output + rest
    }
}

extension Substring {
    fileprivate func firstRange(of pattern: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(pattern) { return start..<index(start, offsetBy: pattern.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
