extension Schema {
    /// What a comparison in pairs adds: its design, fixed before its first request, and each request's pair.
    static let pairs = """
        CREATE TABLE paired_designs (
            run_id TEXT NOT NULL PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
            baseline TEXT NOT NULL,                 -- a target's name, as the next
            candidate TEXT NOT NULL,
            metrics TEXT NOT NULL,                  -- JSON array of the gated metrics, success not among them
            margin REAL NOT NULL,                   -- a share
            success_margin REAL NOT NULL,
            error_rate REAL NOT NULL,               -- of the whole gate
            looks TEXT NOT NULL,                    -- JSON array: the numbers of pairs at which it is judged
            pairs_per_connection INTEGER NOT NULL
        ) STRICT;

        -- From 0; of a pair's two requests the one with the smaller request_index was sent first.
        ALTER TABLE requests ADD COLUMN pair_index INTEGER;
        """

    /// What comparing block by block adds.
    static let blocks = """
        -- Requests of one side that follow each other before the other side's.
        ALTER TABLE paired_designs ADD COLUMN requests_per_block INTEGER NOT NULL DEFAULT 1;
        """
}
