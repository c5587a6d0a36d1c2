/// Why a run could not be prepared.
package enum RunnerError: Error, Equatable, CustomStringConvertible {
    case unknownAPI(String, target: String)
    case cannotSign(target: String)
    /// Not even the cheapest request could be paid for.
    case maxCostTooLow(Double, target: String, least: Double)

    package var description: String {
        switch self {
        case .unknownAPI(let api, let target): "target '\(target)': no dialect is called '\(api)'"
        case .cannotSign(let target):
            "target '\(target)': signing needs libcrypto, which is not there; install OpenSSL's libssl3, or use a key"
        case .maxCostTooLow(let limit, let target, let least):
            "max_cost \(Self.text(limit)) pays for no request to '\(target)', which could cost \(Self.text(least)) by its "
                + "bytes and its longest answer; raise max_cost, or lower request.max_output_tokens"
        }
    }

    /// An amount to a millionth of a token's price, without the noise of its last binary digits.
    private static func text(_ amount: Double) -> String {
        let rounded = (amount * 1e9).rounded() / 1e9
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}
