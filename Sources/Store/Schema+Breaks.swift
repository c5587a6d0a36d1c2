extension Schema {
    /// What streams that broke off and went on over a further connection add, and what tokens cost.
    static let breaks = """
        ALTER TABLE requests ADD COLUMN breaks TEXT;        -- JSON array of {id, broken_ns, sent_ns, resumed_ns, status}
        ALTER TABLE requests ADD COLUMN counted_input INTEGER;  -- by the scenario's tokenizer; NULL where there is none
        ALTER TABLE requests ADD COLUMN counted_output INTEGER;
        ALTER TABLE targets ADD COLUMN price TEXT;          -- JSON object {input, cached_input, output} per million tokens
        ALTER TABLE runs ADD COLUMN tokenizer TEXT;
        ALTER TABLE runs ADD COLUMN max_cost REAL;
        ALTER TABLE runs ADD COLUMN reached_max_cost INTEGER NOT NULL DEFAULT 0; -- 1 where that ended it early
        """
}
