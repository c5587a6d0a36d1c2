"""What each API's documentation says that an event means. One function an API; each reads one event."""

from reading import Reading

ANTHROPIC_DELTAS = {"text_delta": ("t", "text"), "thinking_delta": ("r", "thinking"), "input_json_delta": ("c", "partial_json")}
#: Reasons by which servers say that they did not finish, as far as the mutations write them.
FAILURES = ("error", "abort", "cancelled", "timeout", "server_error", "network_error", "failed")
#: How the names of the events of an API begin, where it names them.
EVENT_NAMES = {
    "anthropic": ("message_", "content_block_"), "openai-responses": ("response.",),
    "cohere": ("message-", "content-", "tool-", "citation-"),
}
RESPONSES_DELTAS = {
    "response.output_text.delta": "t", "response.refusal.delta": "x", "response.reasoning_text.delta": "r",
    "response.reasoning_summary_text.delta": "r", "response.function_call_arguments.delta": "c",
    "response.custom_tool_call_input.delta": "c",
}


def at(value: object, *path: str) -> object:
    """The member at a path; None where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def items(value: object) -> list:
    return value if isinstance(value, list) else []


def position(reading: Reading, entry: dict) -> int:
    """Which answer an entry belongs to; the rules say nothing of an index that is no small count."""
    index = entry.get("index", 0)
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < 100:
        reading.is_unspecified = True
        return 0
    return index


def openai(reading: Reading, _: str, data: dict) -> None:
    if at(data, "x_groq", "error"):
        reading.saw_error = True
    for entry in items(data.get("choices")):
        if not isinstance(entry, dict):
            continue
        index = position(reading, entry)
        delta = entry if reading.dialect == "openai-completions" else entry.get("delta")
        reading.content(openai_parts(reading, delta), index)
        if not reading.saw_end:
            reading.mentioned.add(index)
        reading.finish(entry.get("finish_reason"), index, ("content_filter",), FAILURES)
    usage = data.get("usage")
    if isinstance(usage, dict):
        # Beside an answer the counts are those so far; alone they are the total.
        with reading.recount(is_running=bool(items(data.get("choices")))):
            openai_usage(reading, usage)


def openai_usage(reading: Reading, usage: dict) -> None:
    reading.count(
        input=usage.get("prompt_tokens"), output=usage.get("completion_tokens"),
        reasoning=at(usage, "completion_tokens_details", "reasoning_tokens"),
        cached=at(usage, "prompt_tokens_details", "cached_tokens"))
    counts = [reading.usage.get(name, 0) for name in ("input", "output", "reasoning")]
    if counts[2] > 0 and usage.get("total_tokens") == sum(counts):
        # xAI's completion is without its reasoning.
        reading.usage["output"] = counts[1] + counts[2]


def openai_parts(reading: Reading, delta: object) -> list[tuple[str, str]]:
    if not isinstance(delta, dict):
        return []
    if reading.dialect == "openai-completions":
        return [("t", text(delta.get("text")))]
    parts = [("t", text(delta.get("content"))), ("x", text(delta.get("refusal")))]
    parts += [("r", text(delta.get("reasoning")) or text(delta.get("reasoning_content")))]
    if reading.dialect == "mistral":
        for item in items(delta.get("content")):
            parts.append(("t", text(at(item, "text"))))
            parts += [("r", text(at(thought, "text"))) for thought in items(at(item, "thinking"))]
    for call in items(delta.get("tool_calls")):
        parts += [("c", text(at(call, "function", name))) for name in ("name", "arguments")]
    return parts


def whole_call(reading: Reading, call: object, arguments: str) -> tuple[str, str]:
    """A call that comes at once, with its arguments as an object: its name or its arguments prove a token."""
    reading.knows_calls = False
    return "c", text(at(call, "name")) or ("{}" if at(call, arguments) else "")


def typed(reading: Reading, name: str, data: dict) -> str:
    """The type of an event that is told twice; where the two differ, either may be believed."""
    kind = data.get("type")
    if kind != name and reading.asks("the event's name decides, not its data"):
        return name
    return text(kind)


def anthropic(reading: Reading, name: str, data: dict) -> None:
    kind = typed(reading, name, data)
    if kind == "message_start":
        # A small placeholder stands for the output here, until the end tells the total.
        anthropic_usage(reading, at(data, "message", "usage"), is_start=True)
    elif kind == "content_block_start":
        anthropic_block(reading, at(data, "content_block"))
    elif kind == "content_block_delta":
        delta = data.get("delta")
        letter, key = ANTHROPIC_DELTAS.get(text(at(delta, "type")), ("", ""))
        if letter:
            reading.content([(letter, text(at(delta, key)))])
        elif at(delta, "type") != "signature_delta" and reading.asks("a delta counts by its member, whatever its type"):
            reading.content([(letter, text(at(delta, key))) for letter, key in ANTHROPIC_DELTAS.values()])
    elif kind == "message_delta":
        reading.finish(at(data, "delta", "stop_reason"), 0, ("refusal",), FAILURES)
        anthropic_usage(reading, data.get("usage"))
    elif kind == "message_stop":
        reading.saw_end = True
    elif kind == "error":
        reading.saw_error = True


def anthropic_block(reading: Reading, block: object) -> None:
    kind, name = at(block, "type"), text(at(block, "name"))
    if name and (kind == "tool_use" or reading.asks("any block with a name is a call")):
        reading.content([("c", name)])
    elif parts := [(letter, text(at(block, key))) for letter, key in (("t", "text"), ("r", "thinking")) if at(block, key)]:
        if reading.asks("a block that starts with text starts with content"):
            reading.content(parts)


def anthropic_usage(reading: Reading, usage: object, is_start: bool = False) -> None:
    if not isinstance(usage, dict):
        return
    reading.count(
        plain=usage.get("input_tokens"), cached=usage.get("cache_read_input_tokens"),
        written=usage.get("cache_creation_input_tokens"),
        output=None if is_start else usage.get("output_tokens"),
        reasoning=None if is_start else at(usage, "output_tokens_details", "thinking_tokens"))
    parts = [reading.usage.get(name) for name in ("plain", "cached", "written")]
    reading.has_odd_usage |= parts[0] is None and parts[1:] != [None, None]
    if any(part is not None for part in parts):
        reading.usage["input"] = sum(part or 0 for part in parts)


def responses(reading: Reading, name: str, data: dict) -> None:
    kind = typed(reading, name, data)
    if kind in RESPONSES_DELTAS:
        reading.content([(RESPONSES_DELTAS[kind], text(data.get("delta")))])
    elif kind == "response.output_item.added":
        kind = at(data, "item", "type")
        if kind in ("function_call", "custom_tool_call") or kind != "message" and reading.asks("any item is a call"):
            reading.content([("c", text(at(data, "item", "name")))])
    elif kind in ("response.failed", "error"):
        reading.saw_error = True
    elif kind in ("response.completed", "response.incomplete"):
        status = at(data, "response", "status")
        if status != kind.removeprefix("response."):
            reading.is_unspecified = True
        reason = at(data, "response", "incomplete_details", "reason") if status == "incomplete" else status
        # An answer that is not complete is finished, even where nobody says why.
        reading.has_odd_reason |= not isinstance(reason, str)
        reading.finish(reason, 0, ("content_filter",))
        reading.finished.add(0)
        usage = at(data, "response", "usage")
        if isinstance(usage, dict) and not reading.saw_end:
            reading.count(
                input=usage.get("input_tokens"), output=usage.get("output_tokens"),
                reasoning=at(usage, "output_tokens_details", "reasoning_tokens"),
                cached=at(usage, "input_tokens_details", "cached_tokens"))
        reading.saw_end = True


def cohere(reading: Reading, name: str, data: dict) -> None:
    kind = typed(reading, name, data)
    message = at(data, "delta", "message")
    if kind in ("content-start", "content-delta"):
        content = at(message, "content")
        reading.content([("t", text(at(content, "text"))), ("r", text(at(content, "thinking")))])
    elif kind == "tool-plan-delta":
        reading.content([("r", text(at(message, "tool_plan")))])
    elif kind in ("tool-call-start", "tool-call-delta"):
        function = at(message, "tool_calls", "function")
        reading.content([("c", text(at(function, key))) for key in ("name", "arguments")])
    elif kind == "message-end":
        reading.finish(
            at(data, "delta", "finish_reason"), 0, ("ERROR_TOXIC",), ("ERROR", "ERROR_LIMIT", "TIMEOUT", "USER_CANCEL"))
        reading.saw_error |= at(data, "delta", "error") is not None
        tokens = at(data, "delta", "usage", "tokens")
        if isinstance(tokens, dict) and not reading.saw_end:
            reading.count(input=tokens.get("input_tokens"), output=tokens.get("output_tokens"))
        reading.saw_end = True


def tgi(reading: Reading, _: str, data: dict) -> None:
    token = data.get("token")
    if isinstance(token, dict):
        if token.get("special") not in (True, False):
            reading.is_unspecified = True
        reading.content([("t", text(token.get("text")))] if not token.get("special") else [])
    if data.get("generated_text") is not None:
        if not isinstance(data["generated_text"], str):
            reading.is_unspecified = True
        details = data.get("details")
        if isinstance(details, dict):
            reading.finish(details.get("finish_reason"), 0, (), FAILURES)
            if not reading.saw_end:
                reading.count(input=details.get("input_length"), output=details.get("generated_tokens"))
        reading.finished.add(0)
        reading.saw_end = True


def llama_cpp(reading: Reading, _: str, data: dict) -> None:
    reading.content([("t", text(data.get("content")))])
    # The index is that of the prompt, and there is one.
    reading.is_unspecified |= data.get("index", 0) != 0
    if data.get("stop") not in (True, False, None) or (data.get("tokens") and not data.get("content")):
        reading.is_unspecified = True
    if data.get("stop") is True:
        reading.finish(data.get("stop_type"), 0, (), FAILURES)
        if not reading.saw_end:
            reading.count(input=data.get("tokens_evaluated"), output=data.get("tokens_predicted"))
        reading.finished.add(0)
        reading.saw_end = True


def gemini(reading: Reading, _: str, data: dict) -> None:
    for candidate in items(data.get("candidates")):
        if not isinstance(candidate, dict):
            continue
        index = position(reading, candidate)
        parts = []
        for part in items(at(candidate, "content", "parts")):
            if at(part, "thought") not in (None, True, False):
                reading.is_unspecified = True
            parts.append(("r" if at(part, "thought") is True else "t", text(at(part, "text"))))
            if isinstance(at(part, "functionCall"), dict):
                parts.append(whole_call(reading, part["functionCall"], "args"))
        before = index in reading.finished
        reading.content(parts, index)
        reading.started.add(index)
        reading.finish(candidate.get("finishReason"), index, ("SAFETY",))
        if before and candidate.get("finishReason") is None:
            # Without an end marker only a finish with nothing behind it is one.
            if any(part for _, part in parts) or reading.asks("the last chunk decides, not any"):
                reading.finished.discard(index)
    if at(data, "promptFeedback", "blockReason"):
        reading.finished.add(0)
        reading.is_refused = True
    usage = data.get("usageMetadata")
    if isinstance(usage, dict):
        with reading.recount(is_running=True):
            gemini_usage(reading, usage)


def gemini_usage(reading: Reading, usage: dict) -> None:
    reading.count(
        input=usage.get("promptTokenCount"), answer=usage.get("candidatesTokenCount"),
        reasoning=usage.get("thoughtsTokenCount"))
    counts = [reading.usage.get(name) for name in ("answer", "reasoning")]
    if any(count is not None for count in counts):
        reading.usage["output"] = sum(count or 0 for count in counts)


def bedrock(reading: Reading, name: str, data: dict) -> None:
    kind, _, name = name.partition(" ")
    if kind in ("exception", "error"):
        reading.saw_error = True
    if kind != "event":
        return
    if name == "contentBlockDelta":
        delta = data.get("delta")
        parts = [("t", text(at(delta, "text"))), ("r", text(at(delta, "reasoningContent", "text")))]
        reading.content(parts + [("c", text(at(delta, "toolUse", "input")))])
    elif name == "contentBlockStart":
        reading.content([("c", text(at(data, "start", "toolUse", "name")))])
    elif name == "messageStop":
        reading.finish(data.get("stopReason"), 0, ("content_filtered", "guardrail_intervened"), ("malformed_model_output",))
        reading.saw_end |= reading.saw_totals and bool(reading.finished)
    elif name == "metadata":
        if isinstance(usage := data.get("usage"), dict) and not reading.saw_end:
            reading.count(input=usage.get("inputTokens"), output=usage.get("outputTokens"))
        reading.saw_totals = True
        reading.saw_end |= bool(reading.finished)


def ollama(reading: Reading, _: str, data: dict) -> None:
    message = data.get("message")
    parts = [("t", text(at(message, "content"))), ("r", text(at(message, "thinking")))]
    if isinstance(data.get("response"), str):
        parts += [("t", data["response"])]
    for call in items(at(message, "tool_calls")):
        parts.append(whole_call(reading, at(call, "function"), "arguments"))
    reading.content(parts)
    if data.get("done") not in (True, False, None):
        reading.is_unspecified = True
    if data.get("done") is True:
        reading.finish(data.get("done_reason"), 0, (), FAILURES)
        if not reading.saw_end:
            reading.count(input=data.get("prompt_eval_count"), output=data.get("eval_count"))
        reading.finished.add(0)
        reading.saw_end = True


READERS = {
    "openai-chat": openai, "openai-completions": openai, "azure-openai": openai, "mistral": openai,
    "anthropic": anthropic, "openai-responses": responses, "cohere": cohere, "tgi": tgi, "llama-cpp": llama_cpp,
    "gemini": gemini, "bedrock": bedrock, "ollama": ollama,
}
