extension Schema {
    /// What streams add that broke off and went on over a further connection.
    static let breaks = """
        ALTER TABLE requests ADD COLUMN breaks TEXT;        -- JSON array of {id, broken_ns, sent_ns, resumed_ns, status}
        """
}
