extension Schema {
    /// What whole answers beside streamed ones, and a look at the answers' text, add.
    static let answers = """
        ALTER TABLE runs ADD COLUMN reader TEXT;            -- JSON object {words, tokens, speed}, where readers were asked about
        ALTER TABLE targets ADD COLUMN streams INTEGER NOT NULL DEFAULT 1 CHECK (streams IN (0, 1));
        ALTER TABLE targets ADD COLUMN whole_of TEXT;       -- the target that streams what this one answers in one piece
        -- JSON object: the indices of the events at which parts of the answer were complete.
        ALTER TABLE requests ADD COLUMN answer_marks TEXT;
        ALTER TABLE requests ADD COLUMN last_event_id TEXT;         -- of server-sent events
        ALTER TABLE requests ADD COLUMN reconnect_after_ns INTEGER; -- a length of time: the stream's retry
        """
}
