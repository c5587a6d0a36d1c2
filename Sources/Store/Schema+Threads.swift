extension Schema {
    /// What a run's measuring threads took of their cores.
    static let threads = """
        ALTER TABLE runs ADD COLUMN measuring_threads TEXT;  -- JSON array, written at the end of the run
        """
}
