/// How requests are offered to one target.
package enum LoadShape: Sendable, Equatable, Codable {
    package enum Arrivals: String, Sendable, Codable, CaseIterable {
        case constant, poisson
    }

    /// A fixed number of streams; each sends its next request when the last one ended.
    case closed(concurrency: Int)
    /// Requests start at planned instants whatever the server does; the rate is per second.
    case open(rate: Double, arrivals: Arrivals)
}

/// How much is measured.
package enum LoadAmount: Sendable, Equatable, Codable {
    case requests(Int)
    case duration(Nanoseconds)
}
