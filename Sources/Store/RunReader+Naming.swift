package import Timeline

extension RunReader {
    /// How many runs an error lists.
    private static let candidateLimit = 10

    /// Finds the run that a person means by `latest`, `latest~1`, an id, a tag or the unique beginning of an id.
    package func run(matching name: String) throws(StoreError) -> RunDescription {
        let runs = try descriptions()
        if let back = Self.stepsBack(name) {
            guard back < runs.count else { throw noSuchRun(name, among: runs) }
            return runs[back]
        }
        if let run = runs.first(where: { $0.id == name }) { return run }
        var matches = runs.filter { $0.tags.contains(name) }
        if matches.isEmpty, !name.isEmpty { matches = runs.filter { $0.id.hasPrefix(name) } }
        guard let match = matches.first else { throw noSuchRun(name, among: runs) }
        guard matches.count == 1 else {
            throw .ambiguousRun(name: name, path: database.path, candidates: matches.map(Self.label))
        }
        return match
    }

    /// Gives the run a tag, which is taken from the runs that had it, so that it names one run; returns their ids.
    @discardableResult
    package func tag(_ run: RunDescription, _ tag: String) throws(StoreError) -> [String] {
        let isAllowed = tag.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isAllowed, tag != "latest", (1...64).contains(tag.utf8.count) else { throw .invalidTag(tag) }
        return try database.transaction { () throws(StoreError) in
            var others: [String] = []
            for (id, tags) in try storedTags() where id != run.id && tags.contains(tag) {
                try changeTags(of: id) { $0.removeAll { $0 == tag } }
                others.append(id)
            }
            try changeTags(of: run.id) { tags in
                if !tags.contains(tag) { tags.append(tag) }
            }
            return others.sorted()
        }
    }

    /// Takes a tag from the run; one that it does not have changes nothing.
    package func untag(_ run: RunDescription, _ tag: String) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try changeTags(of: run.id) { tags in tags.removeAll { $0 == tag } }
        }
    }

    func noSuchRun(_ name: String) throws(StoreError) -> StoreError { noSuchRun(name, among: try descriptions()) }

    private func noSuchRun(_ name: String, among runs: [RunDescription]) -> StoreError {
        .noSuchRun(name: name, path: database.path, candidates: runs.prefix(Self.candidateLimit).map(Self.label))
    }

    /// Belongs into a transaction.
    private func changeTags(of runID: String, _ change: (inout [String]) -> Void) throws(StoreError) {
        guard var tags = try storedTags()[runID] else { throw try noSuchRun(runID) }
        change(&tags)
        let writing = try database.prepare("UPDATE runs SET tags = ? WHERE id = ?")
        writing.bind(JSONValue(texts: tags).text)
        writing.bind(runID)
        try writing.run()
    }

    /// The tags of every run, by its id.
    private func storedTags() throws(StoreError) -> [String: [String]] {
        let reading = try database.prepare("SELECT id, tags FROM runs")
        var tags: [String: [String]] = [:]
        while try reading.next() {
            let id = reading.string()
            let place = ValuePlace(path: database.path, description: "run \(id)")
            tags[id] = try place.json(reading.string(), "tags").texts
        }
        return tags
    }

    /// The number after `latest~`; 0 for `latest`, nil for any other name.
    private static func stepsBack(_ name: String) -> Int? {
        if name == "latest" { return 0 }
        guard name.hasPrefix("latest~"), let steps = Int(name.dropFirst("latest~".count)), steps >= 0 else {
            return nil
        }
        return steps
    }

    /// A run in an error's list, such as `0k3f9x2m1abc  two-models  finished  [baseline]`.
    private static func label(_ run: RunDescription) -> String {
        let tags = run.tags.isEmpty ? "" : "  [\(run.tags.joined(separator: ", "))]"
        return "\(run.id)  \(run.scenarioName)  \(run.status.rawValue)\(tags)"
    }
}
