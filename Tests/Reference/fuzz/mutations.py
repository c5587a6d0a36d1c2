"""What happens to streams on their way. Every mutation says whether it broke the stream: the judge must agree.

A mutation of the events changes a list of them; one of the bytes changes what is sent. Each returns True where the
stream is broken now, False where it is as healthy as before, and None where only the judge can tell.
"""

import copy
import json
from random import Random

import framing
from streams import FINISHES_BEFORE_ITS_END, LINES, MESSAGES, Event, Stream

DONE_DIALECTS = ("openai-chat", "openai-completions", "azure-openai", "mistral")
DEEP = 10_000


def nothing(stream: Stream, random: Random) -> bool | None:
    return False


def drop_content(stream: Stream, random: Random) -> bool | None:
    places = stream.places("content", "start", "other", "noise")
    if not places:
        return False
    del stream.events[random.choice(places)]
    return False


def drop_any(stream: Stream, random: Random) -> bool | None:
    del stream.events[random.randrange(len(stream.events))]
    return None if stream.events else True


def duplicate(stream: Stream, random: Random) -> bool | None:
    """Every event may come twice, the end and the finish included."""
    place = random.randrange(len(stream.events))
    stream.events.insert(place, copy.deepcopy(stream.events[place]))
    return False


def reorder(stream: Stream, random: Random) -> bool | None:
    """Content in another order is content; whether an end too early spoils a stream, the judge says."""
    places = stream.places("content", "other", "start", "noise")
    if len(places) > 1:
        first, second = random.sample(places, 2)
        stream.events[first], stream.events[second] = stream.events[second], stream.events[first]
    return False


def swap_neighbours(stream: Stream, random: Random) -> bool | None:
    if len(stream.events) > 1:
        place = random.randrange(len(stream.events) - 1)
        stream.events[place : place + 2] = reversed(stream.events[place : place + 2])
    return None


def remove_end(stream: Stream, random: Random) -> bool | None:
    stream.events = [event for event in stream.events if event.role != "end"]
    return stream.dialect not in FINISHES_BEFORE_ITS_END


def remove_finish(stream: Stream, random: Random) -> bool | None:
    """Takes away what says that the answer is finished: a whole event, or the reason in it.

    Of two answers the other is still finished, and whether this one ever began, the judge says.
    """
    if stream.dialect == "cohere":
        del stream.events[-1].data["delta"]["finish_reason"]
    elif stream.dialect in FINISHES_BEFORE_ITS_END:
        places = stream.places("finish")
        del stream.events[random.choice(places)]
        return True if len(places) == 1 else None
    elif stream.dialect == "gemini":
        del stream.events[-1].data["candidates"][0]["finishReason"]
    else:
        return remove_end(stream, random)
    return True


def null_finish(stream: Stream, random: Random) -> bool | None:
    """The finishing event comes, and its reason is null."""
    if stream.dialect in DONE_DIALECTS:
        places = stream.places("finish")
        stream.events[random.choice(places)].data["choices"][0]["finish_reason"] = None
        return True if len(places) == 1 else None
    if stream.dialect == "anthropic":
        stream.events[stream.places("finish")[0]].data["delta"]["stop_reason"] = None
    elif stream.dialect == "bedrock":
        stream.events[stream.places("finish")[0]].data = {}
    else:
        return remove_finish(stream, random)
    return True


def finish_as_failure(stream: Stream, random: Random) -> bool | None:
    """The server gives a fault of its own as the reason."""
    reasons = {"bedrock": "malformed_model_output"}
    words = ["error", "abort", "cancelled", "timeout", "server_error", "network_error", "failed"]
    if stream.dialect == "cohere":
        stream.events[-1].data["delta"]["finish_reason"] = random.choice(["ERROR", "TIMEOUT"])
    elif stream.dialect == "openai-responses":
        data = {"type": "response.failed", "sequence_number": 99, "response": {"status": "failed", "error": {"message": "m"}}}
        stream.events[-1] = Event("end", data, "response.failed")
    elif stream.dialect == "bedrock":
        stream.events[stream.places("finish")[0]].data["stopReason"] = reasons[stream.dialect]
    elif stream.dialect in DONE_DIALECTS:
        stream.events[random.choice(stream.places("finish"))].data["choices"][0]["finish_reason"] = random.choice(words)
    elif stream.dialect == "anthropic":
        stream.events[stream.places("finish")[0]].data["delta"]["stop_reason"] = random.choice(words)
    elif stream.dialect == "ollama":
        stream.events[-1].data["done_reason"] = random.choice(words)
    else:
        return False
    return True


def error_event(stream: Stream, random: Random) -> Event:
    """An error as the API tells it in a stream."""
    message = {"message": "boom", "type": "server_error", "code": 500}
    if stream.dialect == "bedrock":
        kind = random.choice(["exception", "error"])
        return Event("error", {"message": "boom"}, "throttlingException", kind)
    if stream.dialect == "anthropic":
        return Event("error", {"type": "error", "error": {"type": "overloaded_error", "message": "boom"}}, "error")
    if stream.dialect == "openai-responses":
        top = {"type": "error", "code": "server_error", "message": "boom", "param": None}
        return Event("error", random.choice([top, {"type": "error", "error": message}]), "error")
    if stream.dialect == "ollama":
        return Event("error", {"error": "llama runner process has terminated"})
    if stream.dialect == "tgi":
        return Event("error", {"error": "Model is overloaded", "error_type": "overloaded"})
    if stream.dialect == "gemini" and random.random() < 0.3:
        return Event("error", [{"error": {"code": 503, "message": "boom", "status": "UNAVAILABLE"}}])
    if stream.dialect == "openai-chat" and random.random() < 0.2:
        return Event("error", {"id": "", "choices": [], "x_groq": {"id": "r", "error": "boom"}})
    return Event("error", {"error": message}, random.choice([None, "error"]))


def error_before_end(stream: Stream, random: Random) -> bool | None:
    stream.events.insert(random.randrange(len(stream.events)), error_event(stream, random))
    return True


def error_after_end(stream: Stream, random: Random) -> bool | None:
    stream.events.append(error_event(stream, random))
    return True


def error_for_end(stream: Stream, random: Random) -> bool | None:
    """The server fails in the middle: an error, then the end of the body, or the end marker as some send it."""
    place = random.randrange(len(stream.events))
    last = stream.events[-1:] if stream.dialect in DONE_DIALECTS and random.random() < 0.5 else []
    stream.events[place:] = [error_event(stream, random)] + last
    return True


def content_after_end(stream: Stream, random: Random) -> bool | None:
    """What follows the end is none of the answer; Gemini has no end but that of the body."""
    places = stream.places("content")
    if places and stream.dialect != "gemini":
        stream.events.append(copy.deepcopy(stream.events[random.choice(places)]))
    return False


def invalid_json(stream: Stream, random: Random) -> bool | None:
    place = random.randrange(len(stream.events) - (1 if stream.events[-1].role == "end" and len(stream.events) > 1 else 0))
    event = stream.events[place]
    if event.role == "end" and event.data == "[DONE]":
        return False
    whole = json.dumps(event.data)
    event.data = random.choice([
        whole[:-1], whole + "}", "Internal Server Error", "{'a':1}", whole[1:], whole + whole, "NaN", '{"a":01}',
        '"\t"', "[1,]",
    ])
    # What only keeps the connection open need not be JSON.
    return None if event.name == "ping" else True


def odd_members(stream: Stream, random: Random) -> bool | None:
    """Members that no API knows: nested, repeated, with numbers that fit no type."""
    odd = random.choice([
        '"x":' + "[" * 50 + "]" * 50, '"x":' + '{"a":' * 40 + "0" + "}" * 40, '"x":1,"x":2', '"x":1e400,"y":-0',
        '"x":12345678901234567890123', '"x":"\\ud83d"', '"x":"\\u0000"', '"":null', '"x":{"choices":[{"index":0}]}',
        '"x":"' + "\\\\" * 20 + '"', '"\\ud800":0', '"x":' + "9" * 400, '"error":null',
    ])
    places = [place for place, event in enumerate(stream.events) if isinstance(event.data, dict)]
    event = stream.events[random.choice(places)]
    encoded = json.dumps(event.data)
    if '"error":' in odd and stream.dialect in LINES | MESSAGES:
        return False
    comma = "," if encoded != "{}" else ""
    event.data = "{" + odd + comma + encoded[1:] if random.random() < 0.5 else encoded[:-1] + comma + odd + "}"
    return False


def deep(stream: Stream, random: Random) -> bool | None:
    """Deeper than a reader has to go: it may refuse, it must not fall over."""
    stream.events.insert(0, Event("noise", '{"x":' + "[" * DEEP + "]" * DEEP + "}", "unheard-of"))
    return None


def repeated_names(stream: Stream, random: Random) -> bool | None:
    """The name that carries content, twice in one object: which of them counts is open."""
    places = [place for place in stream.places("content") if isinstance(stream.events[place].data, dict)]
    if places:
        event = stream.events[random.choice(places)]
        encoded = json.dumps(event.data)
        for name in ("content", "text", "delta", "response"):
            if f'"{name}": "' in encoded and f'"{name}": ""' not in encoded:
                event.data = encoded.replace(f'"{name}": "', f'"{name}": "first", "{name}": "', 1)
                break
    return False


def unknown_event(stream: Stream, random: Random) -> bool | None:
    """Kinds of events that came after the rules were written."""
    data = random.choice([{"type": "what.is.this", "weight": 1}, {}, [], 7, '"text"', None])
    if stream.dialect in LINES | MESSAGES or isinstance(data, dict):
        data = {"type": "what.is.this", "weight": 1}
    place = random.randrange(len(stream.events) + 1)
    stream.events.insert(place, Event("noise", data, "what.is.this"))
    return False


def keep_alive(stream: Stream, random: Random) -> bool | None:
    """A word under a name that no API has, as servers send it to keep a connection open."""
    if stream.dialect not in LINES | MESSAGES:
        event = Event("noise", random.choice(["ping", "2026-11-23T09:00:00Z", "keep alive", "7"]), random.choice(["ping", "heartbeat"]))
        stream.events.insert(random.randrange(len(stream.events) + 1), event)
    return False


def lone_surrogates(stream: Stream, random: Random) -> bool | None:
    """Half a character in one event, its other half in the next, or never."""
    def replaced(value: object, old: str, new: str) -> object:
        if isinstance(value, dict):
            return {name: replaced(member, old, new) for name, member in value.items()}
        if isinstance(value, list):
            return [replaced(item, old, new) for item in value]
        return new if value == old else value

    halves = iter(random.choice([["\ud83d", "\ude80"], ["\ude80"], ["\ud83d"], ["a\ud83db", "\udfff"]]))
    for place in stream.places("content"):
        event = stream.events[place]
        for word in ("Blue", " sky", "green", " of", " light", "waves"):
            if (half := next(halves, None)) is None:
                return False
            event.data = replaced(event.data, word, half)
    return False


def giant(stream: Stream, random: Random) -> bool | None:
    """One very long line."""
    size = random.choice([5_000, 20_000, 70_000])
    event = Event("noise", {"type": "what.is.this", "padding": "x" * size}, "what.is.this")
    stream.events.insert(random.randrange(len(stream.events) + 1), event)
    return False


EVENT_MUTATIONS = [
    nothing, drop_content, drop_any, duplicate, reorder, swap_neighbours, remove_end, remove_finish, null_finish,
    finish_as_failure, error_before_end, error_after_end, error_for_end, content_after_end, invalid_json, odd_members,
    repeated_names, unknown_event, keep_alive, lone_surrogates, deep, giant,
]
#: Rare, as they are long.
RARE = {deep: 0.02, giant: 0.1}
