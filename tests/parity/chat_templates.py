"""Fixtures of conversations: what transformers' `apply_chat_template` makes of templates written in the manner of
published ones, and what jinja2, set up by transformers, makes of many expressions."""

import json
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from transformers import AutoTokenizer, PreTrainedTokenizerFast
from transformers.utils import chat_template_utils
from tokenizers import Tokenizer, models

import jinja2

import chat_expressions

FIXTURES = Path(__file__).parent / "fixtures"
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
NOW = datetime(2026, 3, 5, 14, 7, 9, 12345)

CHATML = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)

TEMPLATES = {
    "chatml": CHATML,
    "generation": """{%- for message in messages %}
  {%- if message.role == 'assistant' %}
<|im_start|>assistant
{% generation %}
{{- message.content }}<|im_end|>
{% endgeneration %}
  {%- else %}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
  {%- endif %}
{% endfor %}
{%- if add_generation_prompt %}<|im_start|>assistant
{% endif %}""",
    "generation dashes": "{% for m in messages %}{%- generation -%} {% set x = m.content %}[{{ x }}] {%- endgeneration -%} {{ x }}|{% endfor %}",
    "smollm2": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "llama 2": "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
    "llama 3": """{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not tools_in_user_message is defined %}
    {%- set tools_in_user_message = true %}
{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- The system message is taken apart. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}

{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none and not tools_in_user_message %}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- if tools_in_user_message and not tools is none %}
    {%- if messages | length != 0 %}
        {%- set first_user_message = messages[0]['content']|trim %}
        {%- set messages = messages[1:] %}
    {%- else %}
        {{- raise_exception("Cannot put tools in the first user message when there's no first user message!") }}
{%- endif %}
    {{- '<|start_header_id|>user<|end_header_id|>\\n\\n' -}}
    {{- "Respond in the format {\\"name\\": function name}.\\n\\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
    {{- first_user_message + "<|eot_id|>"}}
{%- endif %}

{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
        {{- '{"name": "' + tool_call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}" }}
        {{- "<|eot_id|>" }}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
    "mistral": """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in loop_messages %}
    {%- if not (message.role == "tool" or message.role == "tool_results" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
            {{- raise_exception("After the optional system message, conversation roles must alternate user/assistant/user/assistant/...") }}
        {%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}

{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is not none and (message == user_messages[-1]) %}
            {{- "[AVAILABLE_TOOLS] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}
                        {{- '"' + key + '": "' + val + '"' }}
                    {%- else %}
                        {{- '"' + key + '": ' + val|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}
                        {{- ", " }}
                    {%- endif %}
                {%- endfor %}
                {{- "}}" }}
                {%- if not loop.last %}
                    {{- ", " }}
                {%- else %}
                    {{- "]" }}
                {%- endif %}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}
            {%- endif %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[TOOL_CALLS] [" }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function|tojson %}
            {{- out[:-1] }}
            {%- if not tool_call.id is defined or tool_call.id|length != 9 %}
                {{- raise_exception("Tool call IDs should be alphanumeric strings with length 9!") }}
            {%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
            {%- if not loop.last %}
                {{- ", " }}
            {%- else %}
                {{- "]" + eos_token }}
            {%- endif %}
        {%- endfor %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- elif message["role"] == "tool_results" or message["role"] == "tool" %}
        {%- if message.content is defined and message.content.content is defined %}
            {%- set content = message.content.content %}
        {%- else %}
            {%- set content = message.content %}
        {%- endif %}
        {{- '[TOOL_RESULTS] {"content": ' + content|string + ", " }}
        {%- if not message.tool_call_id is defined or message.tool_call_id|length != 9 %}
            {{- raise_exception("Tool call IDs should be alphanumeric strings with length 9!") }}
        {%- endif %}
        {{- '"call_id": "' + message.tool_call_id + '"}[/TOOL_RESULTS]' }}
    {%- else %}
        {{- raise_exception("Only user and assistant roles are supported, with the exception of an initial optional system message!") }}
    {%- endif %}
{%- endfor %}
""",
    "gemma": "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}",
    "gemma 3": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '

' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '

' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '
' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>
' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model
'}}
{%- endif -%}
""",
    "zephyr": "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
    "phi": "{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}",
    "qwen": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\\n\\n' }}
    {%- endif %}
    {{- "# Tools\\n\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {%- if message.tool_calls %}
            {%- for tool_call in message.tool_calls %}
                {%- if (loop.first and content) or (not loop.first) %}
                    {{- '\\n' }}
                {%- endif %}
                {%- if tool_call.function %}
                    {%- set tool_call = tool_call.function %}
                {%- endif %}
                {{- '<tool_call>\\n{"name": "' }}
                {{- tool_call.name }}
                {{- '", "arguments": ' }}
                {%- if tool_call.arguments is string %}
                    {{- tool_call.arguments }}
                {%- else %}
                    {{- tool_call.arguments | tojson }}
                {%- endif %}
                {{- '}\\n</tool_call>' }}
            {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (loop.previtem and loop.previtem.role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (loop.nextitem and loop.nextitem.role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}""",
    "deepseek": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, system_prompt='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{'<｜User｜>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>'}}{%- endif %}{%- endfor -%}{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜><think>\\n'}}{% endif %}",
    "macros": """{%- macro type_of(spec) -%}
  {%- if spec.type is string -%}{{ spec.type }}{%- elif spec.anyOf -%}
    {%- for one in spec.anyOf -%}{{ type_of(one) }}{% if not loop.last %} | {% endif %}{%- endfor -%}
  {%- else -%}any{%- endif -%}
  {%- if spec.type == 'array' and spec['items'] is defined -%}<{{ type_of(spec['items']) }}>{%- endif -%}
  {%- if spec.properties is mapping -%}{ {%- for name, part in spec.properties|dictsort -%}{{ name }}: {{ type_of(part) }}{{ ", " if not loop.last else "" }}{%- endfor -%} }{%- endif -%}
{%- endmacro -%}
{%- macro tag(name, close=false, n=1) %}<{{ '/' if close }}{{ name * n }}>{% endmacro -%}
{%- for tool in tools or [] %}{{ tool.function.name }}: {{ type_of(tool.function.parameters) }}
{% endfor %}
{%- for m in messages %}{{ tag(m.role) }}{{ m.content }}{{ tag(m.role, close=true) }}{{ tag('br', n=2) }}
{% endfor %}""",
    "printed": "{{ messages[0] }}|{{ messages }}|{{ messages[-1].role ~ messages[-1] }}|{{ tools }}|{{ documents }}|{{ messages|map(attribute='role')|list }}|{{ messages[0].items() }}|{{ messages|length }}",
    "documents": "{% if documents %}{% for document in documents %}## {{ document.title|upper }}\n{{ document['text']|indent(2) }}\n{% endfor %}{% endif %}{{ messages[-1]['content'] }}{{ style|default('plain') }}",
    "trimmed content": "{% for m in messages %}[{{ m.role }}] {{ m.content | trim }} {{ eos_token }}\n{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}",
    "reasoning": "{% for m in messages %}{{ m.role }}{% if m.reasoning_content is defined %}<{{ m.reasoning_content }}>{% endif %}{% if m.thinking %}({{ m.thinking }}){% endif %}{{ m.content }};{% endfor %}",
    "tokens": "{{ bos_token }}{{ eos_token }}{{ unk_token }}{{ pad_token }}{{ sep_token }}{{ sep_token is defined }}{{ messages[0].content }}",
    "unknown filter": "{{ messages[0].content | shout }}",
    "unknown test": "{{ messages[0].content is loud }}",
    "unknown tag": "{% for m in messages %}{{ m.content }}{% endfor %}\n\n{% frobnicate %}",
    "unclosed": "{% for m in messages %}{{ m.content }}",
    "unclosed brace": "{{ messages[0].content }",
    "no expression": "{{ }}",
    "missing attribute": "{% for m in messages %}{{ m.name.first }}{% endfor %}",
    "missing addition": "{% for m in messages %}{{ m.name + '!' }}{% endfor %}",
    "number and text": "{% for m in messages %}{{ m.content + 1 }}{% endfor %}",
    "not callable": "\n\n{{ messages() }}",
    "append": "{{ messages.append(1) }}",
    "include": "{% include 'other' %}",
}


def said(*turns, **more):
    return {"messages": [{"role": role, "content": content} for role, content in turns], **more}


TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather — \"now\" & here <soon>.",
        "parameters": {
            "type": "object",
            "properties": {
                "zone": {"type": "string", "description": "Where's it?"},
                "at": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "number", "minimum": 0.5}}]},
                "days": {"type": "integer", "default": 1, "nullable": True},
            },
            "required": ["zone"],
        },
    },
}
CALLS = [
    {"role": "user", "content": "How warm is it in Zürich?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"type": "function", "id": "abcdefghi", "function": {"name": "get_weather", "arguments": {"zone": "Zürich", "at": [1, 2.5, True, None]}}}
        ],
    },
    {"role": "tool", "name": "get_weather", "content": "{\"degrees\": 7}", "tool_call_id": "abcdefghi"},
]

CONVERSATIONS = {
    "one": said(("user", "Why is the sky blue?")),
    "system": said(("system", "  Be brief.\n"), ("user", " Hello 'you' \"there\"\\ \n"), ("assistant", "\tHi! é 😀\u00a0"), ("user", "<b>Bye</b>\x07")),
    "prefilled": said(("user", "Name three."), ("assistant", "Sure, the three are:")),
    "prefilled blanks": said(("user", "Name three."), ("assistant", "  Sure, the three are: \n")),
    "prefilled empty": said(("user", "Name three."), ("assistant", "")),
    "not prefilled": said(("user", "Name three."), ("assistant", "Sure."), continue_final_message=False),
    "user continued": said(("user", "Once upon"), continue_final_message=True),
    "two users": said(("user", "One"), ("user", "Two")),
    "tools": {"messages": [{"role": "user", "content": "How warm is it?"}], "tools": [TOOL]},
    "tool calls": {"messages": CALLS, "tools": [TOOL, TOOL]},
    "content first": {"messages": [{"content": "Who?", "name": "Ann", "role": "user", "n": 1.0, "big": 12345678901234567890, "none": None, "flags": {"z": True, "a": []}}]},
    "parts": {"messages": [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": " What is this? "}]}]},
    "parts prefilled": {"messages": [{"role": "user", "content": "Go"}, {"role": "assistant", "content": [{"type": "text", "text": "I "}, {"type": "text", "text": "see"}]}]},
    "documents": said(("user", "Sum up."), documents=[{"title": "ß one", "text": "a\n\nb"}, {"title": "two", "text": "c"}]),
    "variables": said(("user", "Hm"), variables={"enable_thinking": False, "date_string": "1 Jan 2030", "style": "fine", "bos_token": "<B>", "tools_in_user_message": False}),
    "thought": {"messages": [{"role": "user", "content": "2+2"}, {"role": "assistant", "content": "4", "thinking": "easy"}, {"role": "user", "content": "and?"}]},
    "thought out loud": said(("user", "2+2"), ("assistant", "<think>\nadd\n</think>\n\n4"), ("user", "3+3")),
}


def tokenizer(template):
    inner = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
    return PreTrainedTokenizerFast(tokenizer_object=inner, chat_template=template, **TOKENS)


class Clock(datetime):
    @classmethod
    def now(cls):
        return NOW


def problem_of(error):
    # A `break` outside of a loop is found by Python itself.
    if isinstance(error, (jinja2.TemplateSyntaxError, SyntaxError)):
        return "unreadable"
    return "refused" if type(error) is jinja2.exceptions.TemplateError else "unfitting"


def rendered(template, conversation):
    chat_template_utils.datetime = Clock
    messages = conversation["messages"]
    continues = conversation.get("continue_final_message", messages[-1]["role"] == "assistant")
    try:
        text = tokenizer(template).apply_chat_template(
            messages,
            tools=conversation.get("tools"),
            documents=conversation.get("documents"),
            tokenize=False,
            add_generation_prompt=not continues,
            continue_final_message=continues,
            **conversation.get("variables", {}),
        )
        return {"text": text}
    except Exception as error:  # noqa: BLE001
        wrong = {"problem": problem_of(error)}
        if wrong["problem"] == "refused":
            wrong["reason"] = str(error)
        if isinstance(error, jinja2.TemplateSyntaxError):
            wrong["line"] = error.lineno
        return wrong


ASKED = "{{ bos_token }}|{{ eos_token }}|{{ unk_token }}|{{ pad_token }}|{{ sep_token is defined }}|{{ messages[0].content }}"
GPT2 = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}
# Where templates and their special tokens come from, beside vocab.json and merges.txt.
FOLDERS = [
    {"config.json": GPT2, "chat_template.jinja": "J" + ASKED},
    {"config.json": GPT2, "tokenizer_config.json": {"chat_template": "C" + ASKED}},
    {"config.json": GPT2, "tokenizer_config.json": {"chat_template": "C" + ASKED}, "chat_template.jinja": "J" + ASKED},
    {"config.json": GPT2, "tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer", "bos_token": None, "pad_token": "<|endoftext|>"}, "chat_template.jinja": "J" + ASKED},
    {"config.json": GPT2, "tokenizer_config.json": {"eos_token": {"content": "the", "lstrip": False, "__type": "AddedToken"}}, "chat_template.jinja": "J" + ASKED},
    {"config.json": GPT2, "special_tokens_map.json": {"eos_token": "the"}, "chat_template.jinja": "J" + ASKED},
    {"config.json": GPT2, "tokenizer_config.json": {"chat_template": [{"name": "tool_use", "template": "T" + ASKED}, {"name": "default", "template": "D" + ASKED}]}},
    {"config.json": GPT2, "chat_template.jinja": "J" + ASKED, "additional_chat_templates/tool_use.jinja": "T" + ASKED},
]


def folder(files, tools):
    with tempfile.TemporaryDirectory() as place:
        for name in ["vocab.json", "merges.txt"]:
            shutil.copy(FIXTURES / "tokenizers/byte-level" / name, place)
        for name, content in files.items():
            path = Path(place, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        tokenizer = AutoTokenizer.from_pretrained(place)
        messages = [{"role": "user", "content": "Hi"}]
        return tokenizer.apply_chat_template(messages, tools=[TOOL] if tools else None, tokenize=False)


def main():
    cases = [
        {"template": template, "conversation": conversation, **rendered(TEMPLATES[template], CONVERSATIONS[conversation])}
        for template in TEMPLATES
        for conversation in CONVERSATIONS
    ]
    expressions = [
        {"template": template, **rendered(template, chat_expressions.CONVERSATION)} for template in chat_expressions.TEMPLATES
    ]
    # Where something lies in Python's memory is nobody's to compare.
    expressions = [case for case in expressions if " at 0x" not in case.get("text", "")]
    (FIXTURES / "chat-templates.json").write_text(
        json.dumps(
            {
                "now": NOW.isoformat(),
                "tokens": list(TOKENS.items()),
                "templates": TEMPLATES,
                "conversations": CONVERSATIONS,
                "cases": cases,
                "folders": [
                    {"files": files, "tools": tools, "text": folder(files, tools)} for files in FOLDERS for tools in [False, True]
                ],
                "expressions": {"conversation": chat_expressions.CONVERSATION, "cases": expressions},
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
