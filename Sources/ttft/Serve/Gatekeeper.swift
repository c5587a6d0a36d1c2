import FoundationEssentials
import Glibc

/// Decides who is let in: requests that name this server by an address, and, where there is a token, those that know it.
struct Gatekeeper: Sendable {
    /// Nil where everybody who can connect may look.
    private let token: String?
    /// Names beside `localhost` and addresses under which the server may be asked for, in lower case.
    private let names: Set<String>

    init(token: String?, names: [String] = []) {
        self.token = token
        self.names = Set(names.map { $0.lowercased() })
    }

    /// Throws the refusal where the request is not let in.
    func check(_ request: WebRequest) throws(WebResponse) {
        // A name of somebody else's that was made to point here would let his page read this one (DNS rebinding).
        guard let host = request[header: "host"], isOwn(host) else {
            throw .problem(421, "this server is not asked for by that name; use its address, or --allow-host NAME")
        }
        guard let token, !Self.isEqual(Self.credential(of: request), token) else { return }
        // Slows down who guesses.
        usleep(200_000)
        var refusal = WebResponse.problem(401, "the token is asked for, as the password of any user")
        refusal.headers.append(("WWW-Authenticate", "Basic realm=\"ttft\", charset=\"UTF-8\""))
        throw refusal
    }

    private func isOwn(_ host: String) -> Bool {
        var name = host.lowercased()
        if let colon = name.lastIndex(of: ":"), name[name.index(after: colon)...].allSatisfy(\.isNumber) {
            name = String(name[..<colon])
        }
        if name.hasPrefix("["), name.hasSuffix("]") { return WebAddress.isIPv6(String(name.dropFirst().dropLast())) }
        return name == "localhost" || WebAddress.isIPv4(name) || names.contains(name)
    }

    /// What an `Authorization` header brings: a bearer's token, or the password of anybody.
    private static func credential(of request: WebRequest) -> String {
        let parts = (request[header: "authorization"] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return "" }
        if parts[0].lowercased() == "bearer" { return String(parts[1]) }
        guard parts[0].lowercased() == "basic", let data = Data(base64Encoded: String(parts[1])) else { return "" }
        let pair = String(decoding: data, as: UTF8.self)
        return pair.firstIndex(of: ":").map { String(pair[pair.index(after: $0)...]) } ?? ""
    }

    /// Compares in a time that depends on the lengths alone, which tell nothing of a token's letters.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var difference = UInt8(left.count == right.count ? 0 : 1)
        for index in right.indices { difference |= right[index] ^ (index < left.count ? left[index] : 0) }
        return difference == 0
    }

    /// A token that nobody can guess: 128 bits of the system's randomness.
    static func makeToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
