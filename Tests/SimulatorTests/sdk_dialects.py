"""Streams from a simulated server through the providers' own packages and prints what they understood as one JSON object.

The keys are the cases' names, PROVIDER-VARIANT; a variant is also the name of the target that the simulator plays.
Every case has the same members, so that one table of expectations holds for all providers.
"""

import json
import sys

import boto3
import botocore.config
import cohere
import google.genai
import google.genai.types
import google.oauth2.credentials
import huggingface_hub
import mistralai.client
import ollama
import openai
import requests

base = sys.argv[1]
prompt = "Say something."
messages = [{"role": "user", "content": prompt}]
schema = {"type": "object", "properties": {"query": {"type": "string"}}}
function_tools = [{"type": "function", "function": {"name": "look_up", "parameters": schema}}]
results = {}


class Result(dict):
    """What a package understood of one answer."""

    def __init__(self):
        super().__init__(text="", reasoning="", tool=None, arguments="", finish=None, usage=None, prompt=None, events=0)

    def add(self, member, text):
        self[member] += text or ""


def compact(arguments):
    return json.dumps(arguments, separators=(",", ":"), ensure_ascii=False)


def read_responses(target, cap, tools):
    client = openai.OpenAI(base_url=f"{base}/{target}/v1", api_key="none", max_retries=0)
    options = {"tools": [{"type": "function", "name": "look_up", "parameters": schema}]} if tools else {}
    stream = client.responses.create(model="m", input=prompt, stream=True, max_output_tokens=cap or 1000, **options)
    result, numbers = Result(), []
    for event in stream:
        result["events"] += 1
        numbers.append(event.sequence_number)
        if event.type == "response.output_text.delta":
            result.add("text", event.delta)
        elif event.type == "response.reasoning_summary_text.delta":
            result.add("reasoning", event.delta)
        elif event.type == "response.output_item.added" and event.item.type == "function_call":
            result["tool"] = event.item.name
        elif event.type == "response.function_call_arguments.delta":
            result.add("arguments", event.delta)
        elif event.type in ("response.completed", "response.incomplete"):
            details = event.response.incomplete_details
            result["finish"] = details.reason if details else event.response.status
            result["usage"] = event.response.usage.output_tokens
            result["prompt"] = event.response.usage.input_tokens
            assert event.response.output_text == result["text"]
        elif event.type == "error":
            raise openai.APIError(event.message, None, body=None)
    assert numbers == list(range(len(numbers)))
    return result


def read_chunks(client, result, **options):
    for chunk in client.chat.completions.create(messages=messages, stream=True, **options):
        result["events"] += 1
        if chunk.usage:
            result["usage"], result["prompt"] = chunk.usage.completion_tokens, chunk.usage.prompt_tokens
        for choice in chunk.choices:
            result["finish"] = choice.finish_reason or result["finish"]
            if not choice.delta:
                continue
            result.add("text", choice.delta.content)
            result.add("reasoning", getattr(choice.delta, "reasoning_content", None))
            for call in choice.delta.tool_calls or []:
                result["tool"] = call.function.name or result["tool"]
                result.add("arguments", call.function.arguments)
    return result


def read_azure(target, cap, tools):
    client = openai.AzureOpenAI(
        azure_endpoint=f"{base}/{target}", api_key="none", api_version="2024-10-21", max_retries=0
    )
    options = {"tools": function_tools} if tools else {}
    if cap:
        options["max_completion_tokens"] = cap
    return read_chunks(client, Result(), model="d", stream_options={"include_usage": True}, **options)


def read_gemini(target, cap, tools, client=None):
    types = google.genai.types
    client = client or google.genai.Client(
        api_key="none", http_options=types.HttpOptions(base_url=f"{base}/{target}")
    )
    config = types.GenerateContentConfig(max_output_tokens=cap, thinking_config={"include_thoughts": True})
    if tools:
        config.tools = [types.Tool(function_declarations=[{"name": "look_up"}])]
    result = Result()
    for chunk in client.models.generate_content_stream(model="m", contents=prompt, config=config):
        result["events"] += 1
        candidate = chunk.candidates[0]
        for part in (candidate.content.parts if candidate.content else None) or []:
            if part.function_call:
                result["tool"] = part.function_call.name
                result["arguments"] = compact(part.function_call.args)
            result.add("reasoning" if part.thought else "text", part.text)
        if candidate.finish_reason:
            result["finish"] = candidate.finish_reason.value
        usage = chunk.usage_metadata
        result["usage"] = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
        result["prompt"] = usage.prompt_token_count
    return result


def read_bedrock(target, cap, tools):
    client = boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url=f"{base}/{target}",
        aws_access_key_id="none",
        aws_secret_access_key="none",
        config=botocore.config.Config(retries={"total_max_attempts": 1}),
    )
    options = {"inferenceConfig": {"maxTokens": cap}} if cap else {}
    if tools:
        options["toolConfig"] = {"tools": [{"toolSpec": {"name": "look_up", "inputSchema": {"json": schema}}}]}
    answer = client.converse_stream(
        modelId="anthropic.claude-3-haiku-20240307-v1:0",
        messages=[{"role": "user", "content": [{"text": prompt}]}],
        **options,
    )
    result = Result()
    for event in answer["stream"]:
        result["events"] += 1
        delta = event.get("contentBlockDelta", {}).get("delta", {})
        result.add("text", delta.get("text"))
        result.add("reasoning", delta.get("reasoningContent", {}).get("text"))
        result.add("arguments", delta.get("toolUse", {}).get("input"))
        if "contentBlockStart" in event:
            result["tool"] = event["contentBlockStart"]["start"]["toolUse"]["name"]
        if "messageStop" in event:
            result["finish"] = event["messageStop"]["stopReason"]
        if "metadata" in event:
            result["usage"] = event["metadata"]["usage"]["outputTokens"]
            result["prompt"] = event["metadata"]["usage"]["inputTokens"]
            assert event["metadata"]["metrics"]["latencyMs"] >= 0
    return result


def read_cohere(target, cap, tools):
    client = cohere.ClientV2(api_key="none", base_url=f"{base}/{target}")
    options = {"tools": function_tools} if tools else {}
    if cap:
        options["max_tokens"] = cap
    result = Result()
    for event in client.chat_stream(model="m", messages=messages, request_options={"max_retries": 0}, **options):
        result["events"] += 1
        if event.type == "content-delta":
            result.add("text", event.delta.message.content.text)
            result.add("reasoning", event.delta.message.content.thinking)
        elif event.type == "tool-call-start":
            result["tool"] = event.delta.message.tool_calls.function.name
        elif event.type == "tool-call-delta":
            result.add("arguments", event.delta.message.tool_calls.function.arguments)
        elif event.type == "message-end":
            result["finish"] = event.delta.finish_reason
            result["usage"] = event.delta.usage.tokens.output_tokens
            result["prompt"] = event.delta.usage.tokens.input_tokens
    return result


def read_mistral(target, cap, tools):
    client = mistralai.client.Mistral(api_key="none", server_url=f"{base}/mistral-{target}")
    options = {"tools": function_tools} if tools else {}
    result = Result()
    for event in client.chat.stream(model="m", messages=messages, max_tokens=cap, **options):
        result["events"] += 1
        if event.data.usage:
            result["usage"], result["prompt"] = event.data.usage.completion_tokens, event.data.usage.prompt_tokens
        for choice in event.data.choices:
            content = choice.delta.content
            if isinstance(content, list):
                for part in content:
                    result.add("reasoning", "".join(piece.text for piece in part.thinking))
            elif content:
                result["text"] += content
            for call in choice.delta.tool_calls or []:
                result["tool"] = call.function.name
                result.add("arguments", call.function.arguments)
            result["finish"] = choice.finish_reason or result["finish"]
    return result


def read_ollama(target, cap, tools):
    client = ollama.Client(host=f"{base}/{target}")
    result = Result()
    options = {"num_predict": cap} if cap else None
    for line in client.chat(
        model="m", messages=messages, stream=True, options=options, tools=function_tools if tools else None
    ):
        result["events"] += 1
        result.add("text", line.message.content)
        result.add("reasoning", line.message.thinking)
        for call in line.message.tool_calls or []:
            result["tool"] = call.function.name
            result["arguments"] = compact(call.function.arguments)
        if line.done:
            result["finish"], result["usage"], result["prompt"] = line.done_reason, line.eval_count, line.prompt_eval_count
            assert line.total_duration >= line.prompt_eval_duration > 0
    return result


def read_ollama_generate(target, cap, tools):
    client = ollama.Client(host=f"{base}/{target}")
    result = Result()
    for line in client.generate(model="m", prompt=prompt, stream=True, options={"num_predict": cap} if cap else None):
        result["events"] += 1
        result.add("text", line.response)
        result.add("reasoning", line.thinking)
        if line.done:
            result["finish"], result["usage"], result["prompt"] = line.done_reason, line.eval_count, line.prompt_eval_count
    return result


def read_tgi(target, cap, tools):
    client = huggingface_hub.InferenceClient(model=f"{base}/{target}/generate_stream")
    result, indexes = Result(), []
    for event in client.text_generation(prompt, stream=True, details=True, max_new_tokens=cap or 1000):
        result["events"] += 1
        indexes.append(event.index)
        if not event.token.special:
            result.add("text", event.token.text)
        if event.details:
            result["finish"], result["usage"] = event.details.finish_reason, event.details.generated_tokens
            result["prompt"] = event.details.input_length
            assert event.generated_text == result["text"]
    assert indexes == list(range(1, len(indexes) + 1))
    return result


def read_llama(target, cap, tools):
    """llama.cpp's server has no package of its own; its stream is read line by line."""
    body = {"prompt": prompt, "n_predict": cap or -1, "stream": True}
    result = Result()
    with requests.post(f"{base}/{target}/completion", json=body, stream=True, timeout=30) as answer:
        answer.raise_for_status()
        for line in answer.iter_lines(delimiter=b"\n"):
            if not line.startswith(b"data: "):
                continue
            result["events"] += 1
            event = json.loads(line[6:])
            if "error" in event:
                raise RuntimeError(event["error"]["message"])
            result.add("text", event["content"])
            if event["stop"]:
                result["finish"], result["usage"] = event["stop_type"], event["tokens_predicted"]
                result["prompt"] = event["tokens_evaluated"]
                assert event["timings"]["prompt_ms"] > 0
    return result


def vertex_client(target):
    return google.genai.Client(
        vertexai=True,
        project="p",
        location="l",
        credentials=google.oauth2.credentials.Credentials(token="none"),
        http_options=google.genai.types.HttpOptions(base_url=f"{base}/{target}", api_version="v1"),
    )


readers = {
    "responses": read_responses,
    "azure": read_azure,
    "gemini": read_gemini,
    "vertex": lambda target, cap, tools: read_gemini(target, cap, tools, client=vertex_client(target)),
    "bedrock": read_bedrock,
    "cohere": read_cohere,
    "mistral": read_mistral,
    "ollama": read_ollama,
    "generate": read_ollama_generate,
    "tgi": read_tgi,
    "llama": read_llama,
}

variants = [("plain", None, False), ("plain", 7, False), ("reasoning", None, False), ("plain", None, True)]
variants += [(fault, None, False) for fault in sys.argv[2].split(",")]

for provider, read in readers.items():
    for target, cap, tools in variants:
        name = f"{provider}-{target}" + ("-capped" if cap else "") + ("-tool" if tools else "")
        try:
            results[name] = read(target, cap, tools)
        except Exception as error:  # every package has errors of its own
            results[name] = {"error": type(error).__name__, "message": str(error)[:300]}

print(json.dumps(results))
