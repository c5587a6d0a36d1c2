extension Schema {
    /// What a cancellation on purpose adds to a request; the server's side is filled in once its log is known.
    static let cancellations = """
        ALTER TABLE requests ADD COLUMN cancelled_ns INTEGER;       -- just before the tool closed it on purpose
        ALTER TABLE requests ADD COLUMN server_noticed_ns INTEGER;  -- by the server's log: when it noticed
        ALTER TABLE requests ADD COLUMN server_stopped_ns INTEGER;  -- when it stopped working for the client
        ALTER TABLE requests ADD COLUMN server_tokens_after INTEGER;-- made after the cancellation, sent or not
        """
}
