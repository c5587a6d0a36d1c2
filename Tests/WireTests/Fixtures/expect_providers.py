"""Works out what the providers' streams say, by other means than the decoder: json.loads, and each format's rules.

Writes one JSON object a file to provider-streams.json. Usage: expect_providers.py FILE... > provider-streams.json
"""
import json
import sys

from reference_sse import interpret

APIS = {
    "chat": "openai-chat",
    "azure": "azure-openai",
    "mistral": "mistral",
    "responses": "openai-responses",
    "cohere": "cohere",
    "tgi": "tgi",
    "native": "llama-cpp",
    "llama-native": "llama-cpp",
    "llama-responses": "openai-responses",
}


class Stream:
    def __init__(self):
        self.texts = {"text": "", "reasoning": "", "tool": "", "refusal": ""}
        self.content = 0
        self.tokens = []
        self.finish = self.usage = self.model = self.id = self.provider = self.error = None
        self.ends = False

    def take(self, pieces, tokens=None):
        """Notes what one event proves: pieces of text by their kind, and the server's count of tokens."""
        pieces = [(kind, text) for kind, text in pieces if text]
        for kind, text in pieces:
            self.texts[kind] += text
        self.content += bool(pieces)
        self.tokens.append(tokens if pieces or tokens else None)

    def count(self, given, reasoning=None, cached=None):
        self.usage = {"input": given[0], "output": given[1], "reasoning": reasoning, "cached": cached}


def chat(stream, kind, data):
    if data == "[DONE]":
        stream.ends = True
        return stream.take([])
    value = json.loads(data)
    stream.model = stream.model or value.get("model") or None
    stream.id = stream.id or value.get("id") or None
    stream.provider = stream.provider or value.get("provider")
    if value.get("error"):
        stream.error = value["error"]["message"]
        return stream.take([])
    usage = value.get("usage") or value.get("x_groq", {}).get("usage")
    if usage:
        details = usage.get("completion_tokens_details") or {}
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", usage.get("prompt_cache_hit_tokens"))
        stream.count(
            (usage["prompt_tokens"], usage["completion_tokens"]),
            details.get("reasoning_tokens", usage.get("reasoning_tokens")),
            cached,
        )
    pieces, tokens = [], None
    for choice in value.get("choices", []):
        delta = choice.get("delta") or {}
        reasoning = delta.get("reasoning") or delta.get("reasoning_content")
        if not reasoning:
            reasoning = "".join(part.get("text", part.get("summary", "")) for part in delta.get("reasoning_details", []))
        pieces.append(("reasoning", reasoning))
        content = delta.get("content")
        for part in [{"type": "text", "text": content}] if isinstance(content, str) else content or []:
            if part["type"] == "thinking":
                pieces += [("reasoning", thought["text"]) for thought in part["thinking"]]
            elif part["type"] == "text":
                pieces.append(("text", part["text"]))
        pieces.append(("refusal", delta.get("refusal")))
        for call in delta.get("tool_calls") or []:
            arguments = call["function"].get("arguments")
            if isinstance(arguments, dict):
                arguments = json.dumps(arguments, separators=(",", ":"))
            pieces += [("tool", call["function"].get("name")), ("tool", arguments)]
        stream.finish = choice.get("finish_reason") or stream.finish
        if "token_ids" in choice:
            tokens = len(choice["token_ids"])
    if tokens is None and value.get("usage"):
        # A running count tells an event's tokens only where every content event before it came with one.
        running = value["usage"]["completion_tokens"]
        before = getattr(stream, "running", 0)
        if before is not None:
            tokens, stream.running = running - before, running
    elif any(text for _, text in pieces) and not value.get("usage"):
        stream.running = None
    stream.take(pieces, tokens)


def responses(stream, kind, data):
    value = json.loads(data)
    assert kind == value["type"]
    pieces = []
    if kind == "error":
        stream.error = value["message"]
    elif kind.endswith(".delta"):
        part = kind.split(".")[1].split("_")[0]
        pieces = [({"output": "text", "function": "tool"}.get(part, part), value["delta"])]
    elif kind == "response.output_item.added" and value["item"]["type"] == "function_call":
        pieces = [("tool", value["item"]["name"])]
    if "response" in value:
        response = value["response"]
        stream.id, stream.model = response["id"], response.get("model") or stream.model
        if response.get("error"):
            stream.error = response["error"]["message"]
        usage = response.get("usage")
        if usage:
            stream.count(
                (usage["input_tokens"], usage["output_tokens"]),
                usage.get("output_tokens_details", {}).get("reasoning_tokens"),
                usage["input_tokens_details"]["cached_tokens"],
            )
        if kind in ("response.completed", "response.incomplete"):
            stream.ends = True
            stream.finish = (response.get("incomplete_details") or {}).get("reason", "completed")
    stream.take(pieces)


def cohere(stream, kind, data):
    value = json.loads(data)
    message = value.get("delta", {}).get("message", {})
    content = message.get("content") or {}
    pieces = [("reasoning", message.get("tool_plan")), ("text", content.get("text") if content else None)]
    pieces += [("reasoning", content.get("thinking") if content else None)]
    if message.get("tool_calls"):
        function = message["tool_calls"]["function"]
        pieces += [("tool", function.get("name")), ("tool", function.get("arguments"))]
    if kind == "message-start":
        stream.id = value["id"]
    if kind == "message-end":
        stream.ends = True
        stream.finish, stream.error = value["delta"]["finish_reason"], value["delta"].get("error")
        usage = value["delta"].get("usage")
        if usage:
            tokens = usage["tokens"]
            stream.count((int(tokens["input_tokens"]), int(tokens["output_tokens"])), None, int(usage["cached_tokens"]))
    stream.take(pieces)


def tgi(stream, kind, data):
    value = json.loads(data)
    if "error" in value:
        stream.error = value["error"]
        return stream.take([])
    stream.take([("text", None if value["token"]["special"] else value["token"]["text"])], 1)
    if value["generated_text"] is not None:
        stream.ends, stream.finish = True, value["details"]["finish_reason"]
        stream.count((value["details"]["input_length"], value["details"]["generated_tokens"]))


def native(stream, kind, data):
    value = json.loads(data)
    if "error" in value:
        stream.error = value["error"]["message"]
        return stream.take([])
    before, stream.running = getattr(stream, "running", 0), value["tokens_predicted"]
    stream.take([("text", value["content"])], stream.running - before)
    if value["stop"]:
        stream.ends, stream.finish, stream.model = True, value["stop_type"], value["model"]
        stream.count((value["tokens_evaluated"], value["tokens_predicted"]), None, value["timings"]["cache_n"])


READERS = {"openai-responses": responses, "cohere": cohere, "tgi": tgi, "llama-cpp": native}

rows = []
for path in sys.argv[1:]:
    raw = open(path, "rb").read()
    body = min((raw.split(mark, 1) for mark in (b"\r\n\r\n", b"\n\n") if mark in raw), key=lambda parts: len(parts[0]))[1]
    name = path.rsplit("/", 1)[-1].removesuffix(".http")
    api = APIS.get(name) or APIS[name.split("-")[0]]
    stream = Stream()
    events = interpret(body)["events"]
    for kind, data, _ in events:
        READERS.get(api, chat)(stream, kind, data)
    comments = sum(line.startswith(b":") for line in body.split(b"\n"))
    rows.append({"file": name, "api": api, "events": len(events), "comments": comments, **vars(stream)})
    rows[-1].pop("running", None)
print("[" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]")
