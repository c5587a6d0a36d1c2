import Scenarios
import Timeline
import Transport
import Wire

extension TransportTarget {
    convenience init(_ target: Target, dialect: any Dialect, scenario: Scenario, key: String?) {
        let settings = scenario.settings(of: target)
        self.init(
            url: dialect.url(for: target, streams: settings.stream),
            headers: dialect.headers(for: target, settings: settings, key: key),
            httpVersion: target.httpVersion, connections: target.connections,
            certificateAuthorityFile: target.certificateAuthorityFile, timeouts: scenario.timeouts,
            eventEnd: EventEnd(of: dialect.framing))
    }
}

extension Dialect {
    /// The headers of every request to a target, but for its id and what libcurl adds.
    func headers(for target: Target, settings: RequestSettings, key: String?) -> [HeaderField] {
        let encoded = encode(Prompt(id: "", text: ""), settings: settings, target: target)
        // What the scenario says of a header has won over the dialect's own by now.
        return encoded.headers + (key.map { [authentication(key: $0, target: target)] } ?? [])
    }
}

extension EventEnd {
    fileprivate init(of framing: WireFraming) {
        switch framing {
        case .serverSentEvents: self = .blankLine
        case .jsonLines: self = .lineEnd
        case .awsEventStream: self = .length
        }
    }
}
