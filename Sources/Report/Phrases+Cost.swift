import Metrics
import Timeline

extension Phrases {
    /// What a target's answers cost, in the unit of its price.
    func cost(_ target: TargetSummary) -> [String] {
        guard let cost = target.cost else { return [] }
        guard let total = cost.total else { return ["unknown"] }
        var parts = ["\(Self.amount(total)) in all"]
        if let each = cost.perThousandGood { parts.append("\(Self.amount(each)) per 1000 good answers") }
        if cost.estimated > 0 { parts.append("\(cost.estimated) estimated") }
        if cost.unknown > 0 { parts.append("without \(cost.unknown) of unknown cost") }
        return parts
    }

    /// An amount in the unit of the prices, which nothing says: cents of what is large, four digits of what is small.
    static func amount(_ value: Double) -> String {
        var decimals = 2
        var scaled = abs(value)
        while scaled > 0, scaled < 100, decimals < 9 {
            scaled *= 10
            decimals += 1
        }
        return NumberFormat.trimmed((value * 1e9).rounded() / 1e9) == "0"
            ? "0" : NumberFormat.fixed(value, decimals: decimals)
    }
}
