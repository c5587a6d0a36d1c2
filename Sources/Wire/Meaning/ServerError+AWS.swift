import Timeline

extension ServerError {
    /// The error that an exception message of an AWS event stream tells.
    init(awsException type: String, data: UnsafeRawBufferPointer) {
        let value = try? JSONValue(parsing: Array(data))
        let told = (value?["message"] ?? value?["Message"])?.stringValue
        self.init(awsCode: type, message: told ?? String(decoding: data, as: UTF8.self))
    }

    /// The error of a code that AWS gave it, such as `throttlingException` or `InternalFailure`.
    init(awsCode code: String, message: String) {
        let words = code.lowercased()
        let classes: [(detail: String, words: [String])] = [
            ("rate_limited", ["throttl", "quota", "toomanyrequests"]), ("overloaded", ["unavailable", "notready"]),
            ("auth", ["accessdenied", "token", "signature", "unrecognizedclient"]),
            ("invalid", ["validation", "notfound"]),
        ]
        let detail = classes.first { $0.words.contains { words.contains($0) } }?.detail ?? "server"
        self.init(message: message.isEmpty ? code : message, detail: detail)
    }
}
