"""Heads of fine-tuning: logits, and what transformers' pipelines make of them, on seeded models with the small tokenizers.

question_answering.py has the cases of question answering: its pipeline is not in transformers 5.
"""

import warnings

import torch
import transformers
from transformers import AddedToken, BertTokenizerFast, GPT2TokenizerFast, PreTrainedTokenizerFast, pipeline

import gpt2
import seeded
from floats import FIXTURES, f32s, write

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
# Sizes divide by nothing convenient.
BERT = dict(hidden_size=36, num_hidden_layers=2, num_attention_heads=3, intermediate_size=52, max_position_embeddings=60)
SIZES = {
    "bert": BERT,
    "distilbert": dict(dim=36, n_layers=2, n_heads=3, hidden_dim=52, max_position_embeddings=60),
    "roberta": {**BERT, "max_position_embeddings": 62, "type_vocab_size": 1, "pad_token_id": 1},
    "albert": {**BERT, "embedding_size": 20, "num_hidden_layers": 3},
    "gpt2": dict(n_embd=36, n_layer=2, n_head=3, n_positions=60),
}
# (head, seed, entries of config.json)
CASES = {
    "bert-sequence": ("SequenceClassification", 3001, {"id2label": {"0": "bad", "1": "so so", "2": "good"}}),
    "distilbert-sequence": ("SequenceClassification", 3011, {"num_labels": 1}),
    "roberta-sequence": ("SequenceClassification", 3021, {"num_labels": 4, "problem_type": "multi_label_classification"}),
    "albert-sequence": ("SequenceClassification", 3031, {"id2label": {"0": "stars"}, "problem_type": "regression"}),
    "gpt2-sequence": ("SequenceClassification", 3041, {"id2label": {"0": "bad", "1": "so so", "2": "good"}, "pad_token_id": 7}),
    "bert-token": ("TokenClassification", 3101, {"id2label": {str(id): tag for id, tag in enumerate(TAGS)}}),
    "distilbert-token": ("TokenClassification", 3111, {"id2label": {str(id): tag for id, tag in enumerate(TAGS)}}),
    "roberta-token": ("TokenClassification", 3121, {"id2label": {str(id): tag for id, tag in enumerate(TAGS)}}),
    "albert-token": ("TokenClassification", 3131, {"id2label": {str(id): tag for id, tag in enumerate(TAGS)}}),
}
TEXTS = [
    "The capital of France is Paris, and she would go away.",
    "\U0001f600 caf\u00e9 umbrella: it is raining in Berlin and London today \u4e2d\u6587!",
    "He left.",
]
PAIRS = [("It is raining today.", "Take an umbrella when you leave."), ("\U0001f600 caf\u00e9", "\u4e2d\u6587")]
LONG = " ".join(["The quick brown fox jumps over the lazy dog from the old house near the river.", *TEXTS, TEXTS[0]])
STRIDES = [3, 9]


def tokenizer_of(kind: str):
    folders = FIXTURES / "tokenizers"
    if kind == "bert":
        return BertTokenizerFast.from_pretrained(folders / "wordpiece-uncased")
    if kind == "distilbert":
        return BertTokenizerFast.from_pretrained(folders / "wordpiece-cased", model_input_names=["input_ids", "attention_mask"])
    if kind == "gpt2":
        return GPT2TokenizerFast.from_pretrained(folders / "byte-level")
    special = dict(pad_token="<pad>", unk_token="<unk>")
    if kind == "roberta":
        special |= dict(model_input_names=["input_ids", "attention_mask"], bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>", mask_token=AddedToken("<mask>", lstrip=True, special=True))
    else:
        special |= dict(model_input_names=["input_ids", "token_type_ids", "attention_mask"], cls_token="[CLS]", sep_token="[SEP]", mask_token=AddedToken("[MASK]", lstrip=True, special=True))
    return PreTrainedTokenizerFast(tokenizer_file=str(folders / kind / "tokenizer.json"), **special)


def build(kind: str, head: str, case: dict):
    """(model, config as written in the fixture, tensors)"""
    name = {"bert": "Bert", "distilbert": "DistilBert", "roberta": "Roberta", "albert": "Albert", "gpt2": "GPT2"}[kind]
    settings = {key: value for key, value in case.items() if key != "seed"}
    config = getattr(transformers, f"{name}Config")(**settings, attn_implementation="eager")
    model = getattr(transformers, f"{name}For{head}")(config)
    width = settings.get("embedding_size") or config.hidden_size
    tensors = seeded.fill(model, case["seed"], width)
    return model.eval(), {"architectures": [f"{name}For{head}"], "model_type": kind, **settings}, tensors


def encoded(tokenizer, text: str, pair: str | None = None) -> dict:
    encoding = tokenizer(text, pair, return_tensors="pt", return_token_type_ids=True)
    return {key: encoding[key] for key in ("input_ids", "token_type_ids")}


def forward(model, batch: dict):
    # GPT-2 would take segments for tokens.
    segments = model.config.model_type not in ("distilbert", "gpt2")
    return model(**{key: value for key, value in batch.items() if key == "input_ids" or segments})


def spread(values: list[float], least: float = 1e-4) -> None:
    values = sorted(values)
    assert all(b - a > least for a, b in zip(values, values[1:])), "close call; take another seed"


def sequence(model, tokenizer) -> dict:
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer)
    cases = []
    for text, pair in [*((text, None) for text in TEXTS), *PAIRS]:
        if model.config.pad_token_id == 7 and text == TEXTS[-1]:
            text += tokenizer.decode([7])  # padding at the end is not looked at
        batch = encoded(tokenizer, text, pair)
        logits = forward(model, batch).logits[0]
        spread(logits.tolist())
        given = text if pair is None else {"text": text, "text_pair": pair}
        scores = {}
        for name in ["default", "softmax", "sigmoid", "none"]:
            result = classify(given, top_k=None, **({} if name == "default" else {"function_to_apply": name}))
            scores[name] = [{"label": one["label"], "score": f32s(one["score"])} for one in result]
        assert all(abs(one["score"] - max(logits.tolist())) < 1e-5 for one in scores["none"][:1])
        ids = batch["input_ids"][0].tolist()
        cases.append({"text": text, "pair": pair, "input_ids": ids, "logits": f32s(logits), "scores": scores})
    best = {case["scores"]["default"][0]["label"] for case in cases}
    assert len(best) > 1 or model.config.num_labels == 1, "always the same label; take another seed"
    return {"classification": cases}


def entities(found: list[dict]) -> list[dict]:
    keys = ["entity", "entity_group", "index", "word", "start", "end"]
    return [{**{key: one[key] for key in keys if key in one}, "score": f32s(one["score"])} for one in found]


def token(model, tokenizer) -> dict:
    """Tags of texts that fit, and of one that does not, in windows."""
    cases, differ = [], False
    most = model.config.max_position_embeddings - (2 if model.config.model_type == "roberta" else 0)
    tokenizer.model_max_length = most
    for text in TEXTS:
        logits = forward(model, encoded(tokenizer, text)).logits[0]
        for row in logits.softmax(-1):
            spread(row.topk(2).values.tolist(), 2e-3)
        case = {"text": text, "logits": f32s(logits), "entities": {}}
        for strategy in ["none", "simple", "first", "average", "max"]:
            tag = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy=strategy)
            case["entities"][strategy] = entities(tag(text))
        spread([one["score"] for one in case["entities"]["average"]], 0)
        words = [[one["word"] for one in case["entities"][strategy]] for strategy in ("simple", "first", "average", "max")]
        differ |= all(a != b for at, a in enumerate(words) for b in words[at + 1 :])
        cases.append(case)
    assert differ, "the strategies agree; take another seed"
    windows, long = [], f"{LONG} {LONG}"
    assert len(tokenizer(long)["input_ids"]) > 2 * most
    for strategy in ["simple", "first", "average", "max"]:
        for stride in STRIDES:
            tag = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy=strategy, stride=stride)
            windows.append({"strategy": strategy, "stride": stride, "entities": entities(tag(long))})
    tag = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="simple", ignore_labels=["PER", "LOC"])
    return {"tagging": cases, "long": long, "windows": windows, "others": entities(tag(TEXTS[1]))}


def pooled(model, tokenizer) -> list[dict]:
    """As sentence-transformers' `Pooling` and `Normalize` say it, and transformers' pipeline for the tokens."""
    base = model.base_model
    extract = pipeline("feature-extraction", model=base, tokenizer=tokenizer)
    out = []
    for text in TEXTS:
        rows = forward(base, encoded(tokenizer, text)).last_hidden_state[0]
        assert torch.allclose(torch.tensor(extract(text)[0]), rows, atol=1e-6)
        vectors = {"mean": rows.mean(0), "cls": rows[0], "max": rows.max(0).values}
        unit = {f"{name}-normalized": torch.nn.functional.normalize(vector, dim=0) for name, vector in vectors.items()}
        out.append({"text": text, "tokens": f32s(rows), **{name: f32s(vector) for name, vector in (vectors | unit).items()}})
    return out


@torch.no_grad()
def main() -> None:
    warnings.filterwarnings("ignore", message="Tokenizer does not support real words")
    for name, (head, seed, entries) in CASES.items():
        kind = name.split("-")[0]
        tokenizer = tokenizer_of(kind)
        case = {"seed": seed, "vocab_size": len(tokenizer), **SIZES[kind], **entries}
        run = sequence if head == "SequenceClassification" else token
        seed, config, tensors, results = gpt2.first_good(
            case, lambda case: build(kind, head, case), lambda model: run(model, tokenizer)
        )
        if name in ("bert-token", "gpt2-sequence"):
            results["embeddings"] = pooled(build(kind, head, {**case, "seed": seed})[0], tokenizer)
        write(f"heads/{name}.json", {
            "about": f"{config['architectures'][0]} with tokenizers of fixtures/tokenizers.", "seed": seed, "config": config,
            "generator_check": seeded.proof(tensors, seed), "tensors": tensors, **results,
        })


if __name__ == "__main__":
    main()
