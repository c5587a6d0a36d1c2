"""Asks a simulated server for answers in one piece through the providers' own packages and prints what they understood.

The keys are the providers' names; every answer is asked for twice, from the targets "plain" and "reasoning".
"""

import json
import sys

import boto3
import cohere
import google.genai
import huggingface_hub
import mistralai.client
import ollama
import openai
import requests

base = sys.argv[1]
prompt = "Say something."
messages = [{"role": "user", "content": prompt}]


def result(text, reasoning, finish, usage):
    return {"text": text, "reasoning": reasoning, "finish": finish, "usage": int(usage)}


def read_responses(target):
    client = openai.OpenAI(base_url=f"{base}/{target}/v1", api_key="none", max_retries=0)
    answer = client.responses.create(model="m", input=prompt)
    reasoning = "".join(part.text for item in answer.output if item.type == "reasoning" for part in item.summary)
    return result(answer.output_text, reasoning, answer.status, answer.usage.output_tokens)


def read_gemini(target):
    options = google.genai.types.HttpOptions(base_url=f"{base}/{target}")
    client = google.genai.Client(api_key="none", http_options=options)
    answer = client.models.generate_content(model="m", contents=prompt)
    parts, usage = answer.candidates[0].content.parts, answer.usage_metadata
    reasoning = "".join(part.text for part in parts if part.thought)
    tokens = usage.candidates_token_count + (usage.thoughts_token_count or 0)
    return result(answer.text, reasoning, answer.candidates[0].finish_reason.value, tokens)


def read_bedrock(target):
    client = boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url=f"{base}/{target}",
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )
    answer = client.converse(modelId="m:0", messages=[{"role": "user", "content": [{"text": prompt}]}])
    blocks = answer["output"]["message"]["content"]
    reasoning = "".join(
        block["reasoningContent"]["reasoningText"]["text"] for block in blocks if "reasoningContent" in block
    )
    text = "".join(block.get("text", "") for block in blocks)
    return result(text, reasoning, answer["stopReason"], answer["usage"]["outputTokens"])


def read_cohere(target):
    answer = cohere.ClientV2(api_key="none", base_url=f"{base}/{target}").chat(model="m", messages=messages)
    reasoning = "".join(part.thinking for part in answer.message.content if part.type == "thinking")
    text = "".join(part.text for part in answer.message.content if part.type == "text")
    return result(text, reasoning, answer.finish_reason, answer.usage.tokens.output_tokens)


def read_mistral(target):
    client = mistralai.client.Mistral(api_key="none", server_url=f"{base}/mistral-{target}")
    answer = client.chat.complete(model="m", messages=messages)
    content, reasoning = answer.choices[0].message.content, ""
    if isinstance(content, list):
        reasoning = "".join(piece.text for part in content if part.type == "thinking" for piece in part.thinking)
        content = "".join(part.text for part in content if part.type == "text")
    return result(content, reasoning, answer.choices[0].finish_reason, answer.usage.completion_tokens)


def read_ollama(target):
    answer = ollama.Client(host=f"{base}/{target}").chat(model="m", messages=messages)
    return result(answer.message.content, answer.message.thinking or "", answer.done_reason, answer.eval_count)


def read_tgi(target):
    client = huggingface_hub.InferenceClient(model=f"{base}/{target}/generate")
    answer = client.text_generation(prompt, details=True)
    return result(answer.generated_text, "", answer.details.finish_reason, answer.details.generated_tokens)


def read_llama(target):
    answer = requests.post(f"{base}/{target}/completion", json={"prompt": prompt}, timeout=30).json()
    return result(answer["content"], "", answer["stop_type"], answer["tokens_predicted"])


readers = {
    "responses": read_responses,
    "gemini": read_gemini,
    "bedrock": read_bedrock,
    "cohere": read_cohere,
    "mistral": read_mistral,
    "ollama": read_ollama,
    "tgi": read_tgi,
    "llama": read_llama,
}
print(json.dumps({f"{name}-{target}": read(target) for name, read in readers.items() for target in ("plain", "reasoning")}))
