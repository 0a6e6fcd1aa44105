"""Fine-tuning: losses, gradients and 20 steps of transformers' own classes, of seeded models.

Each case is run twice: with all weights learning ("whole"), and with the embeddings and the first layer frozen ("upper").
"""

import re
import string
from collections import Counter

import torch
from torch.nn.functional import cross_entropy, linear
from transformers import (
    BertConfig, BertForQuestionAnswering, BertForSequenceClassification, BertForTokenClassification, GPT2Config,
    GPT2ForSequenceClassification,
)

import seeded
from floats import f32s, write
from train import CLIP, DECAY_SHARE, PEAK, STEPS, WARMUP, gradients, optimizers, rate, seeded_model

FROZEN = ("bert.embeddings.", "bert.encoder.layer.0.", "transformer.wte.", "transformer.wpe.", "transformer.h.0.")
BERT = dict(vocab_size=67, hidden_size=30, num_hidden_layers=2, num_attention_heads=3, intermediate_size=44,
            max_position_embeddings=23, layer_norm_eps=1e-12)
GPT = dict(vocab_size=61, n_positions=19, n_embd=30, n_layer=2, n_head=3, n_inner=44, layer_norm_epsilon=1e-5)
LABELS = 3
LM_WEIGHT = 0.5


def learning(build, frozen: bool):
    """The model anew, with the weights alone that learn asking for gradients."""
    model = build()
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not (frozen and name.startswith(FROZEN)))
    return model


class Learning(torch.nn.Module):
    """What learns of a model, by its names: what `gradients` and `optimizers` ask for."""

    def __init__(self, model):
        super().__init__()
        self.named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]

    def named_parameters(self):
        return iter(self.named)


def run(build, frozen: bool, parts_of, batches: list[dict]) -> dict:
    model = learning(build, frozen)
    parts = parts_of(model, batches[0])
    loss_of = lambda parts: sum(part * (LM_WEIGHT if name == "lm" else 1) for name, part in parts.items())
    loss_of(parts).backward()
    found = {"loss": f32s(loss_of(parts).detach()), "parts": {k: f32s(v.detach()) for k, v in parts.items()},
             "gradients": gradients(Learning(model))}
    model = learning(build, frozen)
    both = optimizers(Learning(model), False)
    losses = []
    for step, batch in enumerate(batches):
        for optimizer in both:
            for group in optimizer.param_groups:
                group["lr"] = PEAK * rate(step, STEPS, WARMUP, DECAY_SHARE)
        loss = loss_of(parts_of(model, batch))
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], CLIP)
        for optimizer in both:
            optimizer.step()
        losses.append(f32s(loss.detach()))
    return {**found, "adamw": losses}


def write_case(name: str, about: str, seed: int, sizes: dict, make, hidden: int, batches: list[dict], parts_of) -> None:
    build, tensors = seeded_model(make, seed, hidden)
    case = {
        "about": about, "seed": seed, "config": sizes, "generator_check": seeded.proof(tensors, seed), "tensors": tensors,
        "schedule": {"peak": PEAK, "warmup": WARMUP, "decay_share": DECAY_SHARE, "steps": STEPS, "clip": CLIP},
    }
    case |= {which: run(build, which == "upper", parts_of, batches) for which in ("whole", "upper")}
    print(name, case["whole"]["loss"], case["upper"]["loss"], case["upper"]["adamw"][-1])
    write(f"train/{name}.json", {**case, "batches": batches})


def drawer(seed: int):
    generator = torch.Generator().manual_seed(seed)
    return lambda low, high: int(torch.randint(low, high, (1,), generator=generator))


def padded(draw, vocabulary: int, context: int) -> dict:
    """Four pairs of different lengths; the last token of the vocabulary is in none of them."""
    lengths = [draw(9, context) for _ in range(4)]
    length = max(lengths)
    seconds = [draw(3, own - 3) for own in lengths]
    return {
        "input_ids": [[draw(5, vocabulary - 1) for _ in range(own)] + [0] * (length - own) for own in lengths],
        "token_type_ids": [[int(second <= at < own) for at in range(length)] for own, second in zip(lengths, seconds)],
        "lengths": lengths, "seconds": seconds,
    }


def inputs(batch: dict) -> dict:
    ids = torch.tensor(batch["input_ids"])
    mask = torch.arange(ids.shape[1])[None] < torch.tensor(batch["lengths"])[:, None]
    return {"input_ids": ids, "attention_mask": mask.long(), "token_type_ids": torch.tensor(batch["token_type_ids"])}


def bert_config(**more) -> BertConfig:
    return BertConfig(**BERT, hidden_dropout_prob=0, attention_probs_dropout_prob=0, attn_implementation="eager", **more)


def sequence() -> None:
    seed = 711
    draw = drawer(seed)
    batches = [padded(draw, 67, 22) for _ in range(STEPS)]
    for batch in batches:
        batch["labels"] = [draw(0, LABELS) for _ in batch["lengths"]]
    config = bert_config(num_labels=LABELS, problem_type="single_label_classification")
    write_case("tune-sequence", "BertForSequenceClassification of padded pairs.", seed, BERT,
               lambda: BertForSequenceClassification(config), 30, batches,
               lambda model, batch: {"classification": model(**inputs(batch), labels=torch.tensor(batch["labels"])).loss})


def tagging() -> None:
    seed = 712
    draw = drawer(seed)
    batches = [padded(draw, 67, 22) for _ in range(STEPS)]
    for batch in batches:
        # Places of first pieces, with their labels; the rest is ignored.
        batch["words"] = [[[at, draw(0, LABELS)] for at in range(1, own - 1) if draw(0, 3)] or [[1, 0]] for own in batch["lengths"]]
    config = bert_config(num_labels=LABELS)

    def parts(model, batch):
        labels = torch.full(torch.tensor(batch["input_ids"]).shape, -100)
        for text, words in enumerate(batch["words"]):
            for at, label in words:
                labels[text, at] = label
        return {"classification": model(**inputs(batch), labels=labels).loss}

    write_case("tune-tagging", "BertForTokenClassification, padded, some tokens ignored.", seed, BERT,
               lambda: BertForTokenClassification(config), 30, batches, parts)


def span() -> None:
    seed = 713
    draw = drawer(seed)
    batches = [padded(draw, 67, 22) for _ in range(STEPS)]
    for batch in batches:
        starts = [draw(second, own) for own, second in zip(batch["lengths"], batch["seconds"])]
        batch["spans"] = [[start, draw(start, own)] for start, own in zip(starts, batch["lengths"])]
    config = bert_config()

    def parts(model, batch):
        """transformers' loss, but that an answer is never in the padding, of which it takes no notice."""
        given = inputs(batch)
        out = model(**given)
        starts, ends = torch.tensor(batch["spans"]).T
        outside = given["attention_mask"] == 0
        losses = [cross_entropy(logits.masked_fill(outside, -torch.inf), right)
                  for logits, right in ((out.start_logits, starts), (out.end_logits, ends))]
        if not outside.any():
            own = model(**given, start_positions=starts, end_positions=ends).loss
            assert torch.allclose(sum(losses) / 2, own)
        return {"span": sum(losses) / 2}

    # One without padding, where the loss is transformers' own.
    batches[3] = {key: [value[0]] * 4 for key, value in batches[3].items()}
    batches[3] = {**batches[3], "input_ids": [row[: batches[3]["lengths"][0]] for row in batches[3]["input_ids"]],
                  "token_type_ids": [row[: batches[3]["lengths"][0]] for row in batches[3]["token_type_ids"]]}
    write_case("tune-span", "BertForQuestionAnswering, padded.", seed, BERT, lambda: BertForQuestionAnswering(config), 30,
               batches, parts)


def gpt() -> None:
    seed = 714
    draw = drawer(seed)
    batches = [padded(draw, 61, 18) for _ in range(STEPS)]
    for batch in batches:
        batch["labels"] = [draw(0, LABELS) for _ in batch["lengths"]]
    # The token 0 stands in no text: it is the padding by which transformers finds the last token.
    config = GPT2Config(**GPT, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, bos_token_id=None, eos_token_id=None, pad_token_id=0,
                        num_labels=LABELS, problem_type="single_label_classification", attn_implementation="eager")

    def parts(model, batch):
        """Radford et al. 2018, equation 5: L2 + lambda L1, both as means."""
        ids = torch.tensor(batch["input_ids"])
        out = model(input_ids=ids, labels=torch.tensor(batch["labels"]), output_hidden_states=True)
        logits = linear(out.hidden_states[-1], model.transformer.wte.weight)  # behind ln_f
        following = ids[:, 1:].masked_fill(ids[:, 1:] == 0, -100)
        return {"classification": out.loss, "lm": cross_entropy(logits[:, :-1].flatten(0, 1), following.flatten())}

    write_case("tune-gpt", "GPT2ForSequenceClassification with the language model as auxiliary loss.", seed, GPT,
               lambda: GPT2ForSequenceClassification(config), 30, batches, parts)


# Right answer, answer.
ANSWERS = [
    ("Paris", "paris"), ("the Eiffel Tower", "Eiffel Tower!"), ("Lake Victoria", "Victoria"), ("in 1871", "1871, in Berlin"),
    ("the", "a"), ("the", "an apple"), ("a cat and a cat", "cat cat cat"), ("", "x"), ("caf\u00e9", "Caf\u00e9."), ("U.S.", "us"),
    ("well-known", "well known"), ("Bonn", "Berlin"),
]


def squad() -> None:
    """The official evaluation of SQuAD 1.1 (Rajpurkar et al. 2016), as its script says it."""
    def words(text: str) -> list[str]:
        kept = "".join(c for c in text.lower() if c not in set(string.punctuation))
        return re.sub(r"\b(a|an|the)\b", " ", kept).split()

    rows = []
    for right, answer in ANSWERS:
        gold, found = words(right), words(answer)
        same = sum((Counter(gold) & Counter(found)).values())
        f1 = float(gold == found) if not gold or not found else 2 * same / (len(gold) + len(found)) if same else 0.0
        rows.append({"right": right, "answer": answer, "exact": " ".join(gold) == " ".join(found), "f1": f1})
    write("train/tune-squad.json", {"about": "SQuAD's exact match and F1.", "answers": rows})


def main() -> None:
    sequence()
    tagging()
    span()
    gpt()
    squad()


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
