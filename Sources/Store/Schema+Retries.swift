extension Schema {
    /// What a retry, the server's limits and a router add to a request.
    static let retries = """
        ALTER TABLE requests ADD COLUMN retry_wait_ns INTEGER;     -- a length of time: the pause before this attempt
        ALTER TABLE requests ADD COLUMN retry_due_ns INTEGER;      -- the end of that pause
        ALTER TABLE requests ADD COLUMN retry_after_ns INTEGER;    -- a length of time: what the server asked for
        ALTER TABLE requests ADD COLUMN rate_limits TEXT;          -- JSON: {should_retry, allowances}
        ALTER TABLE requests ADD COLUMN upstream_provider TEXT;
        """
}
