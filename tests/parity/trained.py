"""Opens a folder that crate/examples/train.rs wrote with transformers: `trained.py FOLDER [FOLDER …]`.

Every weight must be there, none too many, and the tokenizer must frame and decode as the file says.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoTokenizer, BertForPreTraining, GPT2LMHeadModel, XLNetLMHeadModel

CLASSES = {"gpt2": GPT2LMHeadModel, "bert": BertForPreTraining, "xlnet": XLNetLMHeadModel}


def check(folder: Path) -> None:
    kind = json.loads((folder / "config.json").read_text())["model_type"]
    model, loading = CLASSES[kind].from_pretrained(folder, output_loading_info=True)
    for problem in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        assert not loading[problem], f"{problem}: {loading[problem]}"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    text = "The man who was at the club."
    ids = tokenizer(text, return_tensors="pt").input_ids
    print(folder, kind, tokenizer.convert_ids_to_tokens(ids[0]))
    assert tokenizer.decode(ids[0], skip_special_tokens=True).lower() == text.lower()
    with torch.no_grad():
        logits = model.eval()(ids)[0]
    print("  logits", logits.shape, "first", [round(x, 4) for x in logits[0, 0, :4].tolist()])
    if kind == "gpt2":
        out = model.generate(ids, max_new_tokens=20, do_sample=False, pad_token_id=0)
        print(" ", repr(tokenizer.decode(out[0])))


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        check(Path(argument))
