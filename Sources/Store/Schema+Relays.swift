extension Schema {
    /// What relays beside direct targets, and what a server told of itself, add.
    static let relays = """
        ALTER TABLE targets ADD COLUMN relay_of TEXT;       -- the target that this one is another path to
        ALTER TABLE targets ADD COLUMN max_connections INTEGER; -- as browsers have it; NULL is as many as needed
        ALTER TABLE runs ADD COLUMN server_metrics TEXT;    -- JSON object {url, gauges, interval_ns}, where a server was asked

        CREATE TABLE server_samples (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            asked_ns INTEGER NOT NULL,              -- the values held at some instant between these two
            answered_ns INTEGER NOT NULL,
            gauges TEXT NOT NULL,                   -- JSON array of numbers and nulls, in the order of the run's gauges
            failure TEXT                            -- why there is no answer
        ) STRICT;
        CREATE INDEX server_samples_by_run ON server_samples (run_id, asked_ns);
        """
}
