extension Schema {
    /// What relays beside direct targets add.
    static let relays = """
        ALTER TABLE targets ADD COLUMN relay_of TEXT;       -- the target that this one is another path to
        ALTER TABLE targets ADD COLUMN max_connections INTEGER; -- as browsers have it; NULL is as many as needed
        """
}
