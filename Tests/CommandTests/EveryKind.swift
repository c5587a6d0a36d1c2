/// A scenario with every kind of stream that a figure could be computed wrongly from.
enum EveryKind {
    /// Bundled tokens and stalls, a fast stream, reasoning, an early end, a missing end, a refusal.
    static func scenario(amount: String) -> String {
        """
        name: every-kind
        seed: 7
        targets:
          - {name: plain, simulate: {ttft: 60ms, gap: 4ms, tokens: 30, jitter: 0.3}}
          - name: bundled
            simulate: {ttft: 80ms, gap: 3ms, tokens: 40, tokens_per_event: 3, stall: {every: 4, length: 60ms}, jitter: 0.1}
          - {name: fast, simulate: {ttft: 30ms, gap: 20us, tokens: 300}}
          - {name: thinking, api: anthropic, simulate: {ttft: 50ms, gap: 3ms, tokens: 30, reasoning_tokens: 12}}
          - {name: cut, simulate: {ttft: 40ms, gap: 5ms, tokens: 20, fault: truncated, fault_every: 4}}
          - {name: unfinished, simulate: {ttft: 40ms, gap: 5ms, tokens: 20, fault: no-done, fault_every: 3}}
          - name: refusing
            api: openai-completions
            simulate: {ttft: 40ms, gap: 5ms, tokens: 20, fault: http-500, fault_every: 5}
        load:
          closed: {concurrency: 2}
          \(amount)
          warmup: {requests: 3}
        max_error_rate: 0.5
        """
    }
}
