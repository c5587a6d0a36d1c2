import Timeline

extension StreamPlayer {
    /// The whole answer that a fault gives in place of the one asked for; nil where it gives none.
    func refusal() -> [UInt8]? {
        if let error = refusalError() { return respond(error) }
        switch fault {
        case .html: return respond(200, Self.page, type: "text/html; charset=utf-8")
        case .http429HTML: return respond(429, Self.page, type: "text/html; charset=utf-8")
        case .http204: return respond(204, "")
        case .http302: return respond(302, "", headers: Self.elsewhere)
        case .http307: return respond(307, "", headers: Self.elsewhere)
        case .jsonError: return respond(200, interface.body(of: .serverFailure).text)
        case .emptyBody where isStream: return respond(200, "", type: interface.framing.contentType)
        case .notStreamed where isStream:
            while let event = content.next() { texts.append(event) }
            return respond(200, writer.whole(texts, timing).text)
        default: return nil
        }
    }

    private static let page =
        "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n"

    // Another address of loopback, at which nobody listens.
    private static let elsewhere = [HeaderField("location", "http://127.0.0.2:9/v1/chat/completions")]

    private func refusalError() -> ServiceError? {
        switch fault {
        case .http401: return .unauthorized
        case .http500: return .serverFailure
        case .http529: return .overloaded
        case .http503: return .unavailable.with("retry-after-ms", "250")
        case .http429: return .rateLimited.with("retry-after", "1")
        case .http429Milliseconds: return .rateLimited.with("retry-after-ms", "1500").with("retry-after", "2")
        case .http429Float: return .rateLimited.with("retry-after", "1.5")
        case .http429Negative: return .rateLimited.with("retry-after", "-5")
        case .http429Far: return .rateLimited.with("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")
        case .http429Retry: return .rateLimited.with("retry-after", "1").with("x-should-retry", "true")
        case .http429NoRetry: return .rateLimited.with("retry-after", "1").with("x-should-retry", "false")
        case .http429Date:
            let now = MonotonicClock.wallClockLabel() / 1_000_000_000
            return .rateLimited.with("date", CalendarDate(secondsSince1970: now).httpText)
                .with("retry-after", CalendarDate(secondsSince1970: now + 2).httpText)
        default: return nil
        }
    }

    private func respond(_ error: ServiceError) -> [UInt8] {
        respond(
            error.status, interface.body(of: error).text, headers: error.headers + interface.headers(of: error))
    }

    private func respond(
        _ status: Int, _ body: String, type: String = "application/json", headers: [HeaderField] = []
    ) -> [UInt8] {
        HTTPResponse.whole(
            status, type: type, headers: identityHeaders + headers, body: Array(body.utf8), closes: closesConnection)
    }
}

extension ServiceError {
    /// The error with another header.
    fileprivate func with(_ name: String, _ value: String) -> ServiceError {
        var error = self
        error.headers.append(HeaderField(name, value))
        return error
    }
}
