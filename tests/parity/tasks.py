"""Whole tasks on seeded models with the small tokenizers: filled masks, next sentence, generated text."""

import math

import torch
from transformers import BertForMaskedLM, BertTokenizerFast, GPT2TokenizerFast, pipeline

import bert
import gpt2
import seeded
from floats import FIXTURES, f32s, write

BERT = dict(
    about="Fill-mask and next sentence with tokenizers/wordpiece-uncased.",
    seed=401, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
    max_position_embeddings=48, hidden_act="gelu", lengths=[],
)
GPT2 = dict(
    about="Generation with tokenizers/byte-level; most random bytes are no UTF-8, some are.",
    seed=411, n_embd=64, n_layer=2, n_head=4, n_positions=96, n_inner=None, lengths=[],
)
MASKED = [
    "the capital of france is [MASK].",
    "[MASK] quick brown [MASK] jumps over the lazy dog",
    "She said that [MASK] would go to the [MASK] with his [MASK]!",
    "\U0001f600 caf\u00e9 [MASK] \u4e2d\u6587 [MASK]",
    "[MASK]",
    # Masks that touch each other and words: what is put in must stay the token that was chosen.
    "umbrella[MASK] and the [MASK][MASK] [MASK]ing",
]
TARGETS = ["first", "raining", "the", "dog"]
SENTENCES = [
    ("It is raining today.", "Take an umbrella when you leave."),
    ("It is raining today.", "The quick brown fox jumps over the lazy dog."),
    ("london", "paris is the capital of france, and she would go away"),
]
SCORED = ["It is raining today.", "the capital of france is paris, and she would go away", "umbrella"]
PROMPTS = ["the", "It is raining today, so", "\U0001f600 caf\u00e9", "He left.\n\n"]
TOP = 5
# Neighbours in a ranking closer than this could change places.
MARGIN = 2e-4


def ranked(probabilities: torch.Tensor, special: list[int]) -> list[tuple[int, float]]:
    top = probabilities.topk(TOP + 1)
    scores = top.values.tolist()
    assert all(a - b > MARGIN * b for a, b in zip(scores, scores[1:])), "close call; take another seed"
    assert not set(top.indices.tolist()) & set(special), "special tokens on top; take another seed"
    return list(zip(top.indices.tolist(), scores))[:TOP]


class FillMask:
    def __init__(self, model, tokenizer):
        self.model, self.tokenizer = model, tokenizer

    def probabilities(self, ids: list[int]) -> torch.Tensor:
        return self.model(torch.tensor([ids])).prediction_logits[0].softmax(-1)

    def masks(self, ids: list[int]) -> list[int]:
        return [position for position, id in enumerate(ids) if id == self.tokenizer.mask_token_id]

    def independent(self, text: str) -> list[list[dict]]:
        ids = self.tokenizer(text)["input_ids"]
        probabilities = self.probabilities(ids)
        return [
            [self.candidate(token, score) for token, score in ranked(probabilities[position], self.tokenizer.all_special_ids)]
            for position in self.masks(ids)
        ]

    def candidate(self, token: int, score: float) -> dict:
        return {"token": token, "token_str": self.tokenizer.convert_ids_to_tokens(token), "score": f32s(score)}

    def joint(self, text: str, order: str) -> dict:
        """Fills one mask after the other with its likeliest word, the model reading the words so far."""
        ids = self.tokenizer(text)["input_ids"]
        numbers = {position: number for number, position in enumerate(self.masks(ids))}
        steps, log_prob = [], 0.0
        while left := self.masks(ids):
            probabilities = self.probabilities(ids)
            if order == "best-first":
                best = sorted((probabilities[position].max().item() for position in left), reverse=True)
                assert len(best) < 2 or best[0] - best[1] > MARGIN, "close call; take another seed"
                position = max(left, key=lambda position: probabilities[position].max().item())
            else:
                position = left[0]
            token, score = ranked(probabilities[position], self.tokenizer.all_special_ids)[0]
            ids[position] = token
            log_prob += math.log(score)
            steps.append({"mask": numbers[position], **self.candidate(token, score)})
        return {"order": order, "steps": steps, "log_prob": f32s(log_prob)}


BEAM_TOKENS = 12
BEAMS = [
    dict(num_beams=2),
    dict(num_beams=4),
    dict(num_beams=4, eos_at=3),
    dict(num_beams=3, eos_at=6, length_penalty=2.0),
    dict(num_beams=5, eos_at=1, length_penalty=-1.0),
    dict(num_beams=4, eos_at=8, no_repeat_ngram_size=2),
    dict(num_beams=4, repetition_penalty=1.3),
]


def fill_mask(model, tokenizer) -> list[dict]:
    task = FillMask(model, tokenizer)
    assert all(word in tokenizer.vocab for word in TARGETS), "targets are words of the vocabulary"
    predicted = [task.independent(text) for text in MASKED]
    masked_lm = BertForMaskedLM(model.config).eval()
    masked_lm.load_state_dict(model.state_dict(), strict=False)
    reference = pipeline("fill-mask", model=masked_lm, tokenizer=tokenizer, top_k=TOP)
    cases = []
    for text, predictions in zip(MASKED, predicted):
        # transformers' own pipeline must say the same.
        theirs = reference(text)
        theirs = theirs if isinstance(theirs[0], list) else [theirs]
        for ours, other in zip(predictions, theirs, strict=True):
            assert [c["token"] for c in ours] == [c["token"] for c in other]
            assert all(abs(a["score"] - b["score"]) < 1e-6 for a, b in zip(ours, other))
        targets = [
            [f32s(task.probabilities(tokenizer(text)["input_ids"])[position, tokenizer.convert_tokens_to_ids(word)]) for word in TARGETS]
            for position in task.masks(tokenizer(text)["input_ids"])
        ]
        cases.append({
            "text": text, "masks": predictions, "targets": targets,
            "joint": [task.joint(text, order) for order in ("left-to-right", "best-first")],
        })
    early = [step["token_str"] for case in cases for fill in case["joint"] for step in fill["steps"][:-1]]
    assert any(piece.startswith("##") for piece in early), "no piece of a word is chosen early; take another seed"
    return cases


def next_sentence(model, tokenizer) -> list[dict]:
    out = []
    for a, b in SENTENCES:
        batch = tokenizer(a, b, return_tensors="pt")
        probabilities = model(**batch).seq_relationship_logits[0].softmax(-1)
        out.append({"a": a, "b": b, "is_next": f32s(probabilities[0]), "not_next": f32s(probabilities[1]), "tokens": batch["input_ids"].shape[1]})
    return out


def pseudo_perplexity(model, tokenizer) -> list[dict]:
    """Salazar et al. 2020: each token masked in turn."""
    out = []
    for text in SCORED:
        ids = tokenizer(text, return_tensors="pt")["input_ids"]
        tokens = []
        for place in range(1, ids.shape[1] - 1):
            masked = ids.clone()
            masked[0, place] = tokenizer.mask_token_id
            token = ids[0, place].item()
            log_prob = model(masked).prediction_logits[0, place].log_softmax(-1)[token].item()
            tokens.append({"token_str": tokenizer.convert_ids_to_tokens(token), "log_prob": f32s(log_prob)})
        perplexity = math.exp(-sum(token["log_prob"] for token in tokens) / len(tokens))
        out.append({"text": text, "tokens": tokens, "perplexity": f32s(perplexity)})
    return out


def generation(model, tokenizer, prompts: list[str] = PROMPTS) -> list[dict]:
    out = []
    for prompt in prompts:
        ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
        tokens = gpt2.greedy(model, ids, 1.0, 40)
        logits = model(torch.cat([ids, torch.tensor([tokens])], 1)).logits[0, ids.shape[1] - 1 : -1]
        logprobs = logits.log_softmax(-1)
        tops = []
        for row in logprobs[:6]:
            scores = row.topk(TOP + 1).values
            assert (scores[:-1] - scores[1:]).min() > 1e-3, "close call; take another seed"
            top = row.topk(TOP)
            tops.append([{"id": id, "logprob": f32s(value)} for id, value in zip(top.indices.tolist(), top.values)])
        penalised = gpt2.greedy(model, ids, gpt2.PENALTY, 40)
        out.append({
            "prompt": prompt, "prompt_ids": ids[0].tolist(),
            "tokens": tokens, "text": tokenizer.decode(tokens, clean_up_tokenization_spaces=False),
            "logprobs": f32s(logprobs[range(len(tokens)), tokens]), "top": tops,
            "penalty_tokens": penalised, "penalty_text": tokenizer.decode(penalised, clean_up_tokenization_spaces=False),
        })
    return out


def blanks(model, tokenizer) -> list[dict]:
    """What follows blanks; where they are no token, transformers begins with the model's BOS."""
    out = []
    for prompt in ["", "\n", "  ", " \n\t"]:
        ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
        given = {"input_ids": ids, "attention_mask": torch.ones_like(ids)} if ids.shape[1] > 0 else {}
        settings = dict(do_sample=False, max_new_tokens=8, pad_token_id=0, bos_token_id=tokenizer.bos_token_id)
        tokens = model.generate(**given, **settings)[0, max(1, ids.shape[1]) :].tolist()
        out.append({"prompt": prompt, "tokens": tokens})
    return out


def beams(model, tokenizer, greedy: list[dict]) -> list[dict]:
    """transformers' beam search, refused if f64 finds another text or score: then a choice was close."""
    out = []
    for case in greedy:
        prompt = torch.tensor([case["prompt_ids"]])
        for settings in BEAMS:
            # A token that comes early, so that texts end while others go on.
            eos = case["tokens"][settings["eos_at"]] if "eos_at" in settings else None
            settings = {k: v for k, v in settings.items() if k != "eos_at"}
            found = []
            for dtype in (torch.float32, torch.float64):
                output = model.to(dtype).generate(
                    prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=BEAM_TOKENS, pad_token_id=0,
                    eos_token_id=eos, output_scores=True, return_dict_in_generate=True, **settings,
                )
                found.append((output.sequences[0, prompt.shape[1] :].tolist(), output.sequences_scores[0].item()))
            model.to(torch.float32)
            (tokens, score), (exact, exact_score) = found
            assert tokens == exact and abs(score - exact_score) < 1e-4, "close call; take another seed"
            ends = eos is not None and eos in tokens
            tokens = tokens[: tokens.index(eos)] if ends else tokens
            out.append({"prompt": case["prompt"], "eos_token_id": eos, "settings": settings, "tokens": tokens, "eos": ends})
    assert any(case["eos"] and len(case["tokens"]) > 2 for case in out), "no text ends; take another seed"
    assert any(case["tokens"] != other["tokens"][: len(case["tokens"])] for case in out for other in greedy if other["prompt"] == case["prompt"]), \
        "beams find what greedy finds; take another seed"
    return out


@torch.no_grad()
def main() -> None:
    folders = FIXTURES / "tokenizers"
    words = BertTokenizerFast.from_pretrained(folders / "wordpiece-uncased")
    case = {**BERT, "vocab_size": len(words)}
    seed, config, tensors, (masks, pairs, scores) = gpt2.first_good(
        case, bert.build, lambda model: (fill_mask(model, words), next_sentence(model, words), pseudo_perplexity(model, words))
    )
    write("tasks/bert.json", {
        "about": case["about"], "seed": seed, "config": config, "generator_check": seeded.proof(tensors, seed),
        "tensors": tensors, "targets": TARGETS, "fill_mask": masks, "next_sentence": pairs,
        "pseudo_perplexity": scores,
    })

    pieces = GPT2TokenizerFast.from_pretrained(folders / "byte-level")
    case = {**GPT2, "vocab_size": len(pieces)}

    def texts_and_beams(model):
        texts = generation(model, pieces)
        return texts, beams(model, pieces, texts), blanks(model, pieces)

    seed, config, tensors, (texts, searched, blank) = gpt2.first_good(case, gpt2.build, texts_and_beams)
    write("tasks/gpt2.json", {
        "about": case["about"], "seed": seed, "config": {**config, "eos_token_id": pieces.eos_token_id, "bos_token_id": pieces.bos_token_id},
        "repetition_penalty": gpt2.PENALTY, "generator_check": seeded.proof(tensors, seed), "tensors": tensors,
        "generation": texts, "beam_tokens": BEAM_TOKENS, "beams": searched, "blanks": blank,
    })


if __name__ == "__main__":
    main()
