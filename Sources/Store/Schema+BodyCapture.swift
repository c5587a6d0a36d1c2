extension Schema {
    /// What decoding a stored body again needs besides the body.
    static let bodyCapture = """
        -- JSON object: how the transfer ended ("end", "detail"), whether the request asked for a stream, whether events
        -- keep their text, and for each read [end offset in raw_body, arrival - planned, reading - arrival, late_bound].
        ALTER TABLE requests ADD COLUMN body_capture TEXT;
        """
}
