import Glibc

/// How many descriptors this process may have, hence how many streams.
enum DescriptorLimit {
    /// More are not asked for.
    static let most = 65_536

    /// Raises the soft limit, which is often 1,024, as far as the system lets it.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(most))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
