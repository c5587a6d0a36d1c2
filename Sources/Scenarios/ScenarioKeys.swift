/// Where the keys of a scenario stand, for those who put one in another place.
enum ScenarioKeys {
    private static let homes: [(path: String, keys: [String])] = [
        ("in a target, under targets", TargetReader.keys), ("under request", RequestReader.keys),
        ("under load", LoadReader.keys), ("under load.closed", ["concurrency"]),
        ("under load.open", ["rate", "arrivals"]),
        ("under a target's price", ["input", "cached_input", "output"]),
        ("at the file's top level", ScenarioReader.keys),
    ]

    /// The end of a message that refuses a key: where it belongs or what may have been meant, and the list.
    static func advice(for key: String, in allowed: [String]) -> String {
        guard EditDistance.nearest(to: key, in: allowed) == nil,
            let home = homes.first(where: { $0.keys.contains(key) && $0.keys != allowed })
        else { return EditDistance.advice(for: key, in: allowed) }
        return "it stands \(home.path) (allowed: \(allowed.joined(separator: ", ")))"
    }
}
