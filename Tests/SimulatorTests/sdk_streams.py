"""Asks a simulated server through the official SDKs and prints what they understood as one JSON object.

The keys are the cases' names, which are also sent as X-Request-Id, so that a test can find each in the send log.
"""

import functools
import http.client
import json
import sys
import urllib.parse

import anthropic
import openai

base = sys.argv[1]
messages = [{"role": "user", "content": "Say something."}]
results = {}


def case(function):
    """Runs a case and keeps its result, or the class and status of the SDK's error."""
    name = function.__name__.replace("_", "-")
    try:
        results[name] = function({"X-Request-Id": name})
    except (openai.OpenAIError, anthropic.AnthropicError, json.JSONDecodeError, http.client.HTTPException) as error:
        results[name] = {"error": type(error).__name__, "status": getattr(error, "status_code", None)}
    except Exception as error:  # httpx's transport errors have no common public base in both SDKs
        results[name] = {"error": type(error).__name__, "module": type(error).__module__}


@functools.cache
def openai_client(target):
    return openai.OpenAI(base_url=f"{base}/{target}/v1", api_key="none", max_retries=0)


@functools.cache
def anthropic_client(target):
    return anthropic.Anthropic(base_url=f"{base}/{target}", api_key="none", max_retries=0)


def read_chat(target, headers, **options):
    stream = openai_client(target).chat.completions.create(
        model="m", messages=messages, stream=True, stream_options={"include_usage": True}, extra_headers=headers, **options
    )
    result = {"text": "", "reasoning": "", "tool": None, "arguments": "", "finish": None, "usage": None}
    for chunk in stream:
        if chunk.usage:
            result["usage"] = chunk.usage.completion_tokens
        for choice in chunk.choices:
            result["text"] += choice.delta.content or ""
            result["reasoning"] += getattr(choice.delta, "reasoning_content", None) or ""
            for call in choice.delta.tool_calls or []:
                result["tool"] = result["tool"] or call.function.name
                result["arguments"] += call.function.arguments or ""
            result["finish"] = choice.finish_reason or result["finish"]
    return result


def message_result(message):
    result = {"text": "", "reasoning": "", "tool": None, "arguments": "", "finish": message.stop_reason}
    result["usage"] = message.usage.output_tokens
    for block in message.content:
        if block.type == "text":
            result["text"] += block.text
        elif block.type == "thinking":
            result["reasoning"] += block.thinking
        elif block.type == "tool_use":
            result["tool"] = block.name
            result["arguments"] = json.dumps(block.input, separators=(",", ":"))
    return result


def read_messages(target, headers, max_tokens=1000, **options):
    with anthropic_client(target).messages.stream(
        model="m", messages=messages, max_tokens=max_tokens, extra_headers=headers, **options
    ) as stream:
        return message_result(stream.get_final_message())


openai_tools = [{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}]
anthropic_tools = [{"name": "look_up", "input_schema": {"type": "object", "properties": {}}}]


@case
def openai_chat(headers):
    return read_chat("plain", headers)


@case
def openai_chat_capped(headers):
    return read_chat("plain", headers, max_completion_tokens=7)


@case
def openai_chat_exact(headers):
    return read_chat("plain", headers, max_tokens=50, extra_body={"ignore_eos": True})


@case
def openai_chat_reasoning(headers):
    return read_chat("reasoning", headers)


@case
def openai_chat_tool(headers):
    return read_chat("plain", headers, tools=openai_tools)


@case
def openai_chat_whole(headers):
    answer = openai_client("plain").chat.completions.create(model="m", messages=messages, extra_headers=headers)
    choice = answer.choices[0]
    return {"text": choice.message.content, "finish": choice.finish_reason, "usage": answer.usage.completion_tokens}


@case
def openai_completions(headers):
    stream = openai_client("plain").completions.create(
        model="m", prompt="Say", stream=True, stream_options={"include_usage": True}, extra_headers=headers, max_tokens=9
    )
    result = {"text": "", "finish": None, "usage": None}
    for chunk in stream:
        result["usage"] = chunk.usage.completion_tokens if chunk.usage else result["usage"]
        for choice in chunk.choices:
            result["text"] += choice.text
            result["finish"] = choice.finish_reason or result["finish"]
    return result


@case
def openai_models(headers):
    return {"models": [model.id for model in openai_client("plain").models.list(extra_headers=headers)]}


@case
def anthropic_messages(headers):
    return read_messages("plain", headers)


@case
def anthropic_capped(headers):
    return read_messages("plain", headers, max_tokens=7)


@case
def anthropic_thinking(headers):
    return read_messages("reasoning", headers)


@case
def anthropic_tool(headers):
    return read_messages("plain", headers, tools=anthropic_tools)


@case
def anthropic_thinking_tool(headers):
    return read_messages("reasoning", headers, tools=anthropic_tools)


@case
def anthropic_whole(headers):
    answer = anthropic_client("plain").messages.create(
        model="m", messages=messages, max_tokens=1000, extra_headers=headers
    )
    return message_result(answer)


for fault in ["http-401", "http-429", "http-500", "error-event", "error-then-done", "truncated", "reset", "invalid-json"]:
    for name, read in [("openai", read_chat), ("anthropic", read_messages)]:

        def play(headers, fault=fault, read=read):
            return read(fault, headers)

        play.__name__ = f"{name}-{fault}"
        case(play)


@case
def plain_http(headers):
    """Reads a stream with the standard library alone."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc)
    body = json.dumps({"messages": messages, "stream": True}, ensure_ascii=False).encode()
    connection.request("POST", "/plain/v1/chat/completions", body, headers)
    answer = connection.getresponse()
    text, data = "", [line[6:] for line in answer.read().decode().split("\n") if line.startswith("data: ")]
    for line in data[:-1]:
        text += json.loads(line)["choices"][0]["delta"].get("content", "")
    return {"text": text, "last": data[-1]}


print(json.dumps(results))
