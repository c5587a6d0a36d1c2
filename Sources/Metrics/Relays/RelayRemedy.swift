import Timeline

/// What is to be changed in a relay, by what its answers say that it is.
private struct RelaySoftware {
    /// What `Server` or `Via` holds, in lower case.
    var sign: String
    var passingOn: [String]
    var sendingPlain: String

    static let known = [
        RelaySoftware(
            sign: "nginx",
            passingOn: ["in nginx set proxy_buffering off, or send X-Accel-Buffering: no from behind it"],
            sendingPlain: "in nginx: gzip off"),
        RelaySoftware(
            sign: "caddy", passingOn: ["in Caddy set flush_interval -1 in reverse_proxy"],
            sendingPlain: "in Caddy: leave text/event-stream out of what encode matches"),
        RelaySoftware(
            sign: "apache", passingOn: ["in Apache set flushpackets=on in ProxyPass"],
            sendingPlain: "in Apache: SetEnv no-gzip 1 for the location"),
        RelaySoftware(
            sign: "envoy", passingOn: ["in Envoy take the filter envoy.filters.http.buffer off the route"],
            sendingPlain: "in Envoy: leave text/event-stream out of the compressor's content_type"),
        RelaySoftware(
            sign: "varnish", passingOn: ["in Varnish return (pass), and set beresp.do_stream = true"],
            sendingPlain: "in Varnish: set beresp.do_gzip = false"),
        RelaySoftware(
            sign: "cloudflare", passingOn: ["at Cloudflare turn Response Buffering off"],
            sendingPlain: "at Cloudflare: send Cache-Control: no-transform from behind it"),
    ]
}

extension RelayEffect {
    /// The value of one of the headers; nil where the relay sent none.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// What is to be changed in the relay, in words, the most telling first; empty where nothing is.
    package var remedies: [String] {
        let isCompressed = compressed > 0 || header("content-encoding") != nil
        let uncompressed = [
            "turn compression off for text/event-stream (\(software?.sendingPlain ?? "in nginx: gzip off"))"
        ]
        switch verdict {
        case .passesThrough, .cannotSay: return []
        case .compresses: return uncompressed
        case .coalesces, .buffers: return (isCompressed ? uncompressed : []) + passingOn
        }
    }

    private var software: RelaySoftware? {
        let told = ["server", "via"].compactMap(header).joined(separator: " ").lowercased()
        return RelaySoftware.known.first { told.contains($0.sign) }
    }

    private var passingOn: [String] {
        guard let software else {
            return ["in a relay of your own hand on what comes at once, and flush after each event"]
                + RelaySoftware.known[0].passingOn + ["in HAProxy set option http-no-delay"]
        }
        let isIgnored = software.sign == "nginx" && header("x-accel-buffering") != nil
        return software.passingOn
            + (isIgnored ? ["X-Accel-Buffering was sent and is ignored: proxy_ignore_headers"] : [])
    }
}
