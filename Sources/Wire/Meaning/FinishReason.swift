/// What the word tells by which a server says why an answer ended.
///
/// Servers pass on what their engines or upstream providers said, so that the words are not those of one list.
enum FinishReason {
    private static let refusals: Set<Substring> = ["content_filter", "content_filtered", "refusal", "sensitive"]

    /// Parts of reasons by which a server says that it did not finish, with the finer class of the error.
    private static let failures: [(detail: String, words: Set<Substring>)] = [
        ("aborted", ["abort", "aborted", "cancel", "canceled", "cancelled", "interrupted", "disconnected"]),
        ("rate_limited", ["ratelimit", "throttled", "throttling"]),
        ("overloaded", ["overloaded", "unavailable"]),
        (
            "server",
            [
                "error", "failed", "failure", "fail", "timeout", "timedout", "exception", "malformed", "crash",
                "crashed",
            ]
        ),
    ]

    /// Whole reasons that hold none of those parts.
    private static let failingPhrases = [
        "insufficient_system_resource": "server_error_finish", "rate_limit": "rate_limited",
        "rate_limited": "rate_limited", "timed_out": "server", "time_out": "server",
    ]

    /// The finer class of the failure that a reason tells; nil where it tells none.
    static func failure(_ reason: String) -> String? {
        let reason = reason.lowercased()
        if let detail = failingPhrases[reason] { return detail }
        let words = reason.split { !$0.isLetter }
        return failures.first { $0.words.contains(where: words.contains) }?.detail
    }

    /// Whether a reason tells that the answer was refused; some servers write more behind it.
    static func isRefusal(_ reason: String) -> Bool {
        let word = reason.lowercased().prefix { $0.isLetter || $0 == "_" }
        return refusals.contains(word)
    }
}
