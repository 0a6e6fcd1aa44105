"""What transformers makes of generation_config.json, and of the same settings in config.json: tokens of `generate()` without
any argument."""

import json
import tempfile
from pathlib import Path

import torch
from transformers import GPT2LMHeadModel

import gpt2
import tasks
from floats import FIXTURES, write

# (config.json's own entries, generation_config.json as text or entries); EOS stands for a token that comes early.
CASES = [
    ({}, {"eos_token_id": [95, "EOS"], "max_new_tokens": 30}),
    ({"eos_token_id": 95}, {"eos_token_id": "EOS", "max_new_tokens": 30, "do_sample": False}),
    ({}, {"repetition_penalty": 1.3, "no_repeat_ngram_size": 2, "max_new_tokens": 15}),
    ({}, {"num_beams": 4, "length_penalty": 2.0, "eos_token_id": "EOS", "max_new_tokens": 12}),
    ({}, {"num_beams": 4, "length_penalty": 2.0, "early_stopping": True, "eos_token_id": "EOS", "max_new_tokens": 12}),
    ({}, {"max_length": 18}),
    ({"repetition_penalty": 1.3, "max_length": 25, "do_sample": False}, None),
    ({"repetition_penalty": 1.3, "max_length": 25}, {"max_new_tokens": 10}),
    ({"repetition_penalty": 1.3, "max_length": 25}, "{"),
    ({}, {"temperature": 0.5, "top_k": 3, "max_new_tokens": 9}),
]


@torch.no_grad()
def main() -> None:
    fixture = json.loads((FIXTURES / "tasks/gpt2.json").read_text())
    case = {**tasks.GPT2, "vocab_size": fixture["config"]["vocab_size"], "seed": fixture["seed"]}
    model, config, _ = gpt2.build(case)
    text = fixture["generation"][0]
    prompt, end = torch.tensor([text["prompt_ids"]]), text["tokens"][5]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model.save_pretrained(folder)
        for own, file in CASES:
            own, file = (json.loads(json.dumps(part).replace('"EOS"', str(end))) for part in (own, file))
            (folder / "config.json").write_text(json.dumps({**config, **own}))
            (folder / "generation_config.json").unlink(missing_ok=True)
            if file is not None:
                (folder / "generation_config.json").write_text(file if isinstance(file, str) else json.dumps(file))
            loaded = GPT2LMHeadModel.from_pretrained(folder, attn_implementation="eager").eval()
            tokens = loaded.generate(prompt, attention_mask=torch.ones_like(prompt), pad_token_id=0)[0, prompt.shape[1] :].tolist()
            ends = tokens[-1] == end and "eos_token_id" in (file if isinstance(file, dict) else {})
            rows.append({"config": own, "generation_config": file, "tokens": tokens[: -1 if ends else None], "eos": ends})
            print(rows[-1])
    assert any(row["eos"] for row in rows)
    write("generation-config.json", {"prompt": text["prompt"], "rows": rows})


if __name__ == "__main__":
    main()
