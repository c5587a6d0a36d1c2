import Simulator
import Testing
import TestSupport
import Timeline

/// One stream with a fault, to the end of its body or of its connection.
struct FaultPlay {
    let client: RawClient
    let entry: SendLogEntry

    static let script = StreamScript(timeToFirstToken: .milliseconds(3), gap: .milliseconds(1), tokens: 10)

    init(_ fault: String?, api: String = "openai-chat", script: StreamScript = script) throws {
        var script = script
        script.fault = fault
        script.api = api
        let server = try SimulatedServer(scripts: ["t": script], keepsText: true)
        try server.start()
        defer { server.stop() }
        client = try RawClient(server)
        let request = DialectRequest.streaming(api, target: "t")
        client.post(request.path, request.body, headers: "Connection: close\r\n")
        client.readToEnd()
        server.stop()
        entry = try #require(server.log.first)
    }

    /// What the response's head says and its body, as they came.
    var head: String { text.firstRange(of: "\r\n\r\n").map { String(text[..<$0.lowerBound]) } ?? text }
    var body: [UInt8] {
        guard let range = client.received.firstRange(of: Array("\r\n\r\n".utf8)) else { return [] }
        return Array(client.received[range.upperBound...])
    }
    var text: String { client.text }
    var bodyText: String { String(decoding: body, as: UTF8.self) }
    /// The events' data, out of the chunks.
    var events: [String] { client.events }

    func count(_ part: String) -> Int { text.ranges(of: part).count }

    /// The value of a header.
    func header(_ name: String) -> String? {
        head.split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}
