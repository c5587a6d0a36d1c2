"""Healthy streams of every API, as a list of events that mutations can take apart before they become bytes."""

from dataclasses import dataclass, field
from random import Random

WORDS = [
    "Blue", " sky", "\n", " ", "é🚀", "日本", "a\u2028b", "n\u0085l", "\0", '"', "\\", "</s>", "{}", "data: x\n\n", ":", "٣",
    "e\u0301",
]
PLAIN = ["Blue", " sky", "green", " of", " light", "waves"]


@dataclass
class Event:
    """One event: a JSON value or a raw text, with the part that it plays in the stream.

    Roles: start, content, other, finish (says why the answer ended), usage, end (what the API defines as the end; it
    is the finish too where the API has no finish of its own), noise (what the rules say to ignore).
    """

    role: str
    data: object
    name: str | None = None
    kind: str = "event"


@dataclass
class Stream:
    dialect: str
    events: list[Event] = field(default_factory=list)

    def add(self, role: str, data: object, name: str | None = None) -> None:
        self.events.append(Event(role, data, name))

    def places(self, *roles: str) -> list[int]:
        """The places of the events that play one of these parts."""
        return [place for place, event in enumerate(self.events) if event.role in roles]


def words(random: Random, least: int = 0) -> list[str]:
    pool = WORDS if random.random() < 0.5 else PLAIN
    return [random.choice(pool) for _ in range(random.randint(least, 4))]


def maybe(random: Random, share: float, **members) -> dict:
    return members if random.random() < share else {}


def openai_usage(random: Random) -> dict:
    usage = {"prompt_tokens": random.randint(0, 99), "completion_tokens": random.randint(0, 99), "total_tokens": 9}
    usage |= maybe(random, 0.4, completion_tokens_details={"reasoning_tokens": random.randint(0, 9)})
    return usage | maybe(random, 0.4, prompt_tokens_details={"cached_tokens": random.randint(0, 9)})


def chat(stream: Stream, random: Random) -> None:
    """The Chat Completions API and those that speak it."""
    azure, mistral = stream.dialect == "azure-openai", stream.dialect == "mistral"
    base = {"id": "c-1", "object": "chat.completion.chunk", "created": 1790000000, "model": "m-1"}
    every = maybe(random, 0.3, usage=None)

    def chunk(role: str, delta: dict, index: int = 0, reason: str | None = None, **more) -> None:
        stream.add(role, base | {"choices": [{"index": index, "delta": delta, "finish_reason": reason}]} | every | more)

    def deltas() -> list[dict]:
        found = []
        if random.random() < 0.3:
            name = random.choice(["reasoning", "reasoning_content"])
            for text in words(random):
                thinking = [{"type": "thinking", "thinking": [{"type": "text", "text": text}]}]
                found.append({"content": thinking} if mistral else {name: text, "content": None})
        found += [{"content": text} for text in words(random)]
        if random.random() < 0.2:
            function = {"name": "weather", "arguments": ""}
            found.append({"tool_calls": [{"index": 0, "id": "t", "type": "function", "function": function}]})
            found += [{"tool_calls": [{"index": 0, "function": {"arguments": text}}]} for text in words(random)]
        if not mistral and random.random() < 0.04:
            found.append({"refusal": "no"})
        return found

    if azure:
        stream.add("other", base | {"id": "", "model": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0}]})
    answers = 2 if random.random() < 0.1 else 1
    for index in range(answers):
        chunk("start", {"role": "assistant", "content": ""}, index)
    for index in range(answers):
        for delta in deltas():
            chunk("content", delta, index)
            if azure and random.random() < 0.3:
                stream.add("other", base | {"choices": [{"index": index, "finish_reason": None, "content_filter_results": {}}]})
    with_usage = random.random() < 0.7
    for index in range(answers):
        reason = random.choices(["stop", "length", "tool_calls", "content_filter"], [8, 4, 2, 1])[0]
        inside = maybe(random, 1.0 if mistral and with_usage else 0, usage=openai_usage(random))
        chunk("finish", random.choice([{}, {"content": ""}]), index, reason, **inside)
    if with_usage and not mistral:
        stream.add("usage", base | {"choices": [], "usage": openai_usage(random)})
    stream.add("end", "[DONE]")


def completions(stream: Stream, random: Random) -> None:
    base = {"id": "cmpl-1", "object": "text_completion", "created": 1790000000, "model": "m"}
    for text in words(random):
        stream.add("content", base | {"choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": None}]})
    reason = random.choice(["stop", "length"])
    last = random.choice(["", "last"])
    stream.add("finish", base | {"choices": [{"index": 0, "text": last, "finish_reason": reason}]})
    if random.random() < 0.7:
        stream.add("usage", base | {"choices": [], "usage": openai_usage(random)})
    stream.add("end", "[DONE]")


def responses(stream: Stream, random: Random) -> None:
    def event(role: str, kind: str, **members) -> None:
        name = "response." + kind
        stream.add(role, {"type": name, "sequence_number": len(stream.events)} | members, name)

    head = {"id": "resp_1", "status": "in_progress", "model": "m-1"}
    event("start", "created", response=head)
    event("other", "in_progress", response=head)
    if random.random() < 0.3:
        kind = random.choice(["reasoning_summary_text", "reasoning_text"])
        for text in words(random):
            event("content", kind + ".delta", item_id="r", output_index=0, delta=text)
        event("other", kind + ".done", item_id="r", output_index=0, text="all of it")
    event("other", "output_item.added", output_index=0, item={"id": "msg_1", "type": "message", "content": []})
    for text in (texts := words(random)):
        event("content", "output_text.delta", item_id="msg_1", output_index=0, content_index=0, delta=text)
    event("other", "output_text.done", item_id="msg_1", output_index=0, content_index=0, text="".join(texts))
    if random.random() < 0.05:
        event("content", "refusal.delta", item_id="msg_1", output_index=0, content_index=1, delta="no")
    if random.random() < 0.2:
        event("content", "output_item.added", output_index=1, item={"type": "function_call", "name": "f", "arguments": ""})
        for text in words(random):
            event("content", "function_call_arguments.delta", item_id="f", output_index=1, delta=text)
    usage = {"input_tokens": random.randint(0, 99), "output_tokens": random.randint(0, 99), "total_tokens": 9}
    usage |= maybe(random, 0.4, output_tokens_details={"reasoning_tokens": random.randint(0, 9)})
    usage |= maybe(random, 0.4, input_tokens_details={"cached_tokens": random.randint(0, 9)})
    done = {"id": "resp_1", "status": "completed", "model": "m-1", "usage": usage}
    if random.random() < 0.3:
        reason = random.choice(["max_output_tokens", "content_filter"])
        event("end", "incomplete", response=done | {"status": "incomplete", "incomplete_details": {"reason": reason}})
    else:
        event("end", "completed", response=done)


def anthropic(stream: Stream, random: Random) -> None:
    def event(role: str, kind: str, **members) -> None:
        stream.add(role, {"type": kind} | members, kind)

    counts = {"input_tokens": random.randint(0, 99), "output_tokens": 1}
    counts |= maybe(random, 0.5, cache_read_input_tokens=random.randint(0, 9), cache_creation_input_tokens=random.randint(0, 9))
    message = {"id": "msg_a", "type": "message", "role": "assistant", "model": "c-1", "content": [], "usage": counts}
    event("start", "message_start", message=message)
    blocks = [("text", "text_delta", "text", {"text": ""})]
    if random.random() < 0.3:
        blocks.insert(0, ("thinking", "thinking_delta", "thinking", {"thinking": ""}))
    if random.random() < 0.2:
        blocks.append(("tool_use", "input_json_delta", "partial_json", {"id": "t", "name": "weather", "input": {}}))
    for index, (block, delta, key, rest) in enumerate(blocks):
        role = "content" if block == "tool_use" else "other"
        event(role, "content_block_start", index=index, content_block={"type": block} | rest)
        if random.random() < 0.3:
            event("noise", "ping")
        for text in words(random):
            event("content", "content_block_delta", index=index, delta={"type": delta, key: text})
        if block == "thinking":
            event("other", "content_block_delta", index=index, delta={"type": "signature_delta", "signature": "s"})
        event("other", "content_block_stop", index=index)
    reason = random.choices(["end_turn", "max_tokens", "tool_use", "refusal"], [8, 4, 2, 1])[0]
    usage = {"output_tokens": random.randint(0, 99)}
    event("finish", "message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage=usage)
    event("end", "message_stop")


def gemini(stream: Stream, random: Random) -> None:
    prompt, count, thoughts = random.randint(1, 99), 0, 0

    def chunk(role: str, parts: list | None, reason: str | None = None) -> None:
        candidate: dict = {"index": 0}
        if parts is not None:
            candidate["content"] = {"parts": parts, "role": "model"}
        if reason is not None:
            candidate["finishReason"] = reason
        usage = {"promptTokenCount": prompt, "totalTokenCount": prompt + count + thoughts}
        usage |= {"candidatesTokenCount": count} if count else {}
        usage |= {"thoughtsTokenCount": thoughts} if thoughts else {}
        stream.add(role, {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "g-1", "responseId": "r1"})

    if random.random() < 0.3:
        for text in words(random):
            thoughts += 3
            chunk("content", [{"text": text, "thought": True}])
    for text in words(random):
        count += 2
        chunk("content", [{"text": text}] * random.choice([1, 1, 1, 2]))
    if random.random() < 0.1:
        chunk("content", [{"functionCall": {"name": "f", "args": {"city": "Paris"}}}])
    reason = random.choices(["STOP", "MAX_TOKENS", "SAFETY"], [8, 4, 1])[0]
    chunk("end", random.choice([None, [{"text": "last"}]]) if reason != "SAFETY" else None, reason)


def bedrock(stream: Stream, random: Random) -> None:
    stream.add("start", {"role": "assistant"}, "messageStart")

    def delta(value: dict, index: int = 0) -> None:
        stream.add("content", {"contentBlockIndex": index, "delta": value}, "contentBlockDelta")

    if random.random() < 0.3:
        for text in words(random):
            delta({"reasoningContent": {"text": text}})
    for text in words(random):
        delta({"text": text}, 1)
    stream.add("other", {"contentBlockIndex": 1}, "contentBlockStop")
    if random.random() < 0.2:
        start = {"toolUse": {"toolUseId": "t", "name": "weather"}}
        stream.add("content", {"contentBlockIndex": 2, "start": start}, "contentBlockStart")
        for text in words(random):
            delta({"toolUse": {"input": text}}, 2)
    reason = random.choices(["end_turn", "max_tokens", "tool_use", "content_filtered"], [8, 4, 2, 1])[0]
    stream.add("finish", {"stopReason": reason}, "messageStop")
    usage = {"inputTokens": random.randint(0, 99), "outputTokens": random.randint(0, 99), "totalTokens": 9}
    stream.add("end", {"usage": usage, "metrics": {"latencyMs": 321}}, "metadata")


def cohere(stream: Stream, random: Random) -> None:
    def event(role: str, kind: str, delta: dict | None, **members) -> None:
        stream.add(role, {"type": kind} | members | ({} if delta is None else {"delta": delta}), kind)

    event("start", "message-start", {"message": {"role": "assistant", "content": []}}, id="co-1")
    for kind in random.choice([["text"], ["thinking", "text"]]):
        first = random.choice(["", "", "B"])
        role = "content" if first else "other"
        event(role, "content-start", {"message": {"content": {"type": kind, kind: first}}}, index=0)
        for text in words(random):
            event("content", "content-delta", {"message": {"content": {kind: text}}}, index=0)
        event("other", "content-end", None, index=0)
    if random.random() < 0.2:
        call = {"id": "w", "type": "function", "function": {"name": "weather", "arguments": ""}}
        event("content", "tool-plan-delta", {"message": {"tool_plan": "I will"}})
        event("content", "tool-call-start", {"message": {"tool_calls": call}}, index=0)
        for text in words(random):
            event("content", "tool-call-delta", {"message": {"tool_calls": {"function": {"arguments": text}}}}, index=0)
        event("other", "tool-call-end", None, index=0)
    tokens = {"input_tokens": float(random.randint(0, 99)), "output_tokens": random.randint(0, 99)}
    usage = {"billed_units": {"input_tokens": 3, "output_tokens": 1}, "tokens": tokens}
    reason = random.choice(["COMPLETE", "MAX_TOKENS", "TOOL_CALL", "STOP_SEQUENCE"])
    event("end", "message-end", {"finish_reason": reason, "usage": usage})


def tgi(stream: Stream, random: Random) -> None:
    texts = words(random, 1)
    for index, text in enumerate(texts, 1):
        token = {"id": 100 + index, "text": text, "logprob": -0.25, "special": random.random() < 0.1}
        last = index == len(texts)
        reason = random.choice(["length", "eos_token", "stop_sequence"])
        details = {"finish_reason": reason, "generated_tokens": index, "seed": None, "input_length": 7} if last else None
        whole = "".join(texts) if last else None
        role = "end" if last else "content"
        stream.add(role, {"index": index, "token": token, "generated_text": whole, "details": details})


def llama_cpp(stream: Stream, random: Random) -> None:
    def event(role: str, count: int, stop: bool, content: str, **more) -> None:
        counts = {"tokens_predicted": count, "tokens_evaluated": 12}
        stream.add(role, {"index": 0, "content": content, "stop": stop, "id_slot": 0} | counts | more)

    if random.random() < 0.3:
        progress = {"total": 12, "cache": 0, "processed": 12, "time_ms": 31}
        event("other", 0, False, "", tokens=[], prompt_progress=progress)
    texts = words(random)
    for count, text in enumerate(texts, 1):
        event("content", count, False, text, tokens=[count])
    event("end", len(texts), True, "", stop_type=random.choice(["eos", "word", "limit"]), truncated=False)


def ollama(stream: Stream, random: Random) -> None:
    def line(role: str, done: bool, message: dict, **more) -> None:
        data = {"model": "q", "created_at": "2026-11-22T10:00:00.1Z", "message": {"role": "assistant", "content": ""} | message}
        stream.add(role, data | {"done": done} | more)

    if random.random() < 0.3:
        for text in words(random):
            line("content", False, {"thinking": text})
    for text in words(random):
        line("content", False, {"content": text})
    if random.random() < 0.1:
        line("content", False, {"tool_calls": [{"function": {"name": "f", "arguments": {"city": "Paris"}}}]})
    counts = {"total_duration": 412000000, "eval_count": random.randint(1, 99), "eval_duration": 290000000}
    counts |= maybe(random, 0.7, prompt_eval_count=random.randint(1, 99))
    line("end", True, {}, done_reason=random.choice(["stop", "length"]), **counts)


BUILDERS = {
    "openai-chat": chat, "openai-completions": completions, "anthropic": anthropic, "openai-responses": responses,
    "azure-openai": chat, "mistral": chat, "cohere": cohere, "tgi": tgi, "llama-cpp": llama_cpp, "gemini": gemini,
    "bedrock": bedrock, "ollama": ollama,
}
LINES, MESSAGES = {"ollama"}, {"bedrock"}
FINISHES_BEFORE_ITS_END = {"openai-chat", "openai-completions", "azure-openai", "mistral", "anthropic", "bedrock"}
CONTENT_TYPES = {"ollama": "application/x-ndjson", "bedrock": "application/vnd.amazon.eventstream"}


def healthy(dialect: str, random: Random) -> Stream:
    """A stream that a good server could send."""
    stream = Stream(dialect)
    BUILDERS[dialect](stream, random)
    return stream
