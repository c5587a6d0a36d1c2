extension Schema {
    /// What marks a run that another tool measured.
    static let imports = """
        ALTER TABLE runs ADD COLUMN imported_from TEXT;            -- JSON: {tool, tells_starts}; NULL for our own runs
        """
}
