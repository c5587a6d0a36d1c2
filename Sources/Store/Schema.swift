/// The tables and views as SQL.
///
/// Every `_ns` counts nanoseconds from the run's start, unless its comment says otherwise. The lists in the checks are
/// written out, since a released migration never changes: a new case of an enumeration needs a new migration.
enum Schema {
    static let initial = tables + views

    private static let tables = """
        CREATE TABLE runs (
            id TEXT NOT NULL PRIMARY KEY,
            scenario_name TEXT NOT NULL,
            scenario_text TEXT NOT NULL,
            overrides TEXT NOT NULL,                -- JSON array of texts
            scenario_hash TEXT NOT NULL,
            seed TEXT NOT NULL,                     -- decimal, up to 2^64 - 1
            tool_version TEXT NOT NULL,
            library_versions TEXT NOT NULL,
            host_name TEXT NOT NULL,
            host_system TEXT NOT NULL,
            host_processor TEXT NOT NULL,
            host_cores INTEGER NOT NULL,
            boot_id TEXT NOT NULL,
            clock_source TEXT NOT NULL CHECK (clock_source IN ('kernel', 'read')),
            clock_source_reason TEXT,
            stamp_floor_ns INTEGER NOT NULL,        -- a length of time
            started_wall_clock_ns INTEGER NOT NULL, -- since 1970
            started_monotonic_ns INTEGER NOT NULL,  -- of the clock CLOCK_MONOTONIC of the boot boot_id
            ended_ns INTEGER,
            status TEXT NOT NULL CHECK (status IN ('unfinished', 'finished', 'interrupted')),
            concurrency INTEGER,                    -- closed loop
            rate REAL,                              -- open loop, per second
            arrivals TEXT CHECK (arrivals IN ('constant', 'poisson')),
            amount_requests INTEGER,
            amount_duration_ns INTEGER,             -- a length of time
            is_interleaved INTEGER NOT NULL CHECK (is_interleaved IN (0, 1)),
            max_error_rate REAL NOT NULL,
            objectives TEXT NOT NULL,               -- JSON array of {metric, limit}
            budgets TEXT NOT NULL,                  -- JSON array of {metric, statistic, comparison, limit}
            tags TEXT NOT NULL,                     -- JSON array of texts
            skipped TEXT NOT NULL,                  -- JSON object: target to reason
            CHECK ((concurrency IS NULL) = (rate IS NOT NULL) AND (rate IS NULL) = (arrivals IS NULL)),
            CHECK ((amount_requests IS NULL) = (amount_duration_ns IS NOT NULL))
        ) STRICT;

        CREATE TABLE targets (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            position INTEGER NOT NULL,              -- in the scenario, from 0
            api TEXT NOT NULL,
            model TEXT NOT NULL,
            base_url TEXT NOT NULL,                 -- without user, password and query values
            http_version TEXT NOT NULL CHECK (http_version IN ('1.1', '2')),
            connections TEXT NOT NULL CHECK (connections IN ('reuse', 'fresh')),
            is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
            planned_end_ns INTEGER,
            phase_start_ns INTEGER,
            PRIMARY KEY (run_id, name)
        ) STRICT;

        CREATE TABLE requests (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            request_index INTEGER NOT NULL,         -- from 0
            attempt INTEGER NOT NULL,               -- from 1
            target TEXT NOT NULL,
            phase TEXT NOT NULL CHECK (phase IN ('warmup', 'measured')),
            prompt_id TEXT NOT NULL,
            client_request_id TEXT NOT NULL,        -- the X-Request-Id that was sent
            asked_tokens_at_most INTEGER,
            asked_tokens_exactly INTEGER,
            planned_ns INTEGER NOT NULL,
            dispatched_ns INTEGER,
            sent_ns INTEGER,
            first_byte_ns INTEGER,
            headers_complete_ns INTEGER,
            terminal_ns INTEGER,
            closed_ns INTEGER,
            is_new_connection INTEGER NOT NULL CHECK (is_new_connection IN (0, 1)),
            name_lookup_ns INTEGER NOT NULL,        -- a length of time, as the next two
            connect_ns INTEGER NOT NULL,
            tls_ns INTEGER NOT NULL,
            remote_address TEXT,
            send_count INTEGER NOT NULL,
            http_status INTEGER,
            http_version TEXT,
            response_headers TEXT NOT NULL,         -- JSON array of [name, value]
            read_count INTEGER NOT NULL,
            bytes_received INTEGER NOT NULL,
            finish_reason TEXT,
            has_usage INTEGER NOT NULL CHECK (has_usage IN (0, 1)),
            input_tokens INTEGER,
            output_tokens INTEGER,
            reasoning_tokens INTEGER,
            cached_tokens INTEGER,
            served_model TEXT,
            system_fingerprint TEXT,
            response_id TEXT,
            server_timings TEXT,                    -- JSON as the server said it
            outcome TEXT NOT NULL CHECK (outcome IN (
                'ok', 'ok_empty', 'ok_refused', 'ok_sloppy_end', 'http_error', 'stream_error', 'truncated',
                'transport_error', 'protocol_error', 'timeout_connect', 'timeout_headers', 'timeout_first_token',
                'timeout_stall', 'timeout_total', 'connect_error', 'cancelled')),
            outcome_detail TEXT,
            outcome_message TEXT,
            warnings TEXT NOT NULL,                 -- JSON array of texts
            has_every_event INTEGER NOT NULL CHECK (has_every_event IN (0, 1)),
            events TEXT NOT NULL,                   -- packed; read the view events
            event_texts TEXT,                       -- JSON array: the text of each event, where kept
            raw_body BLOB,
            PRIMARY KEY (run_id, request_index, attempt),
            FOREIGN KEY (run_id, target) REFERENCES targets (run_id, name) ON DELETE CASCADE,
            CHECK (asked_tokens_at_most IS NULL OR asked_tokens_exactly IS NULL)
        ) STRICT;

        -- Counts per target without a look at the rows, which are large.
        CREATE INDEX requests_by_outcome ON requests (run_id, target, phase, outcome);


        """

    private static let views = """
        -- One row per event. Packed, an event is [event_index, read_index, arrival - planned, reading - arrival,
        -- late_bound, kind, tokens, characters, content_bytes, wire_bytes, choice].
        CREATE VIEW events AS
        SELECT
            run_id, request_index, attempt,
            json_extract(event.value, '$[0]') AS event_index,
            json_extract(event.value, '$[1]') AS read_index,
            planned_ns + json_extract(event.value, '$[2]') AS arrival_ns,
            planned_ns + json_extract(event.value, '$[2]') + json_extract(event.value, '$[3]') AS reading_ns,
            json_extract(event.value, '$[4]') AS late_bound_ns,
            CASE json_extract(event.value, '$[5]')
                WHEN 0 THEN 'text' WHEN 1 THEN 'reasoning' WHEN 2 THEN 'tool' WHEN 3 THEN 'refusal'
                WHEN 4 THEN 'control' WHEN 5 THEN 'terminal' WHEN 6 THEN 'error' WHEN 7 THEN 'comment'
            END AS kind,
            json_extract(event.value, '$[6]') AS tokens,
            json_extract(event.value, '$[7]') AS characters,
            json_extract(event.value, '$[8]') AS content_bytes,
            json_extract(event.value, '$[9]') AS wire_bytes,
            json_extract(event.value, '$[10]') AS choice
        FROM requests, json_each(requests.events) AS event;

        -- One row per attempt: from sent to the first content of any kind, the first content but reasoning, the last
        -- content, and the event that ends the stream, which in a complete stream without one is the last but comments;
        -- ttft_sched_ns counts from planned.
        CREATE VIEW stream_timings AS
        SELECT
            run_id, request_index, attempt, target, phase, outcome,
            min(content_ns) - sent_ns AS ttft_ns,
            min(CASE WHEN kind <> 1 THEN content_ns END) - sent_ns AS ttfat_ns,
            max(content_ns) - sent_ns AS ttlt_ns,
            coalesce(terminal_ns, CASE WHEN outcome LIKE 'ok%' THEN max(arrival_ns) END) - sent_ns AS e2e_ns,
            min(content_ns) - planned_ns AS ttft_sched_ns
        FROM (
            SELECT *, CASE WHEN kind <= 3 THEN arrival_ns END AS content_ns
            FROM (
                SELECT
                    requests.rowid AS row, run_id, request_index, attempt, target, phase, outcome, planned_ns, sent_ns,
                    terminal_ns, json_extract(event.value, '$[5]') AS kind,
                    planned_ns + json_extract(event.value, '$[2]') AS arrival_ns
                FROM requests LEFT JOIN json_each(requests.events) AS event
                    ON json_extract(event.value, '$[5]') <> 7
            )
        )
        GROUP BY row;
        """
}
