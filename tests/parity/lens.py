"""What one sees inside: surprisal, guesses from one side, ranks, and the losses of BERT's training."""

import math
import random

import torch
import torch.nn.functional as F
from transformers import AddedToken, BertTokenizerFast, GPT2TokenizerFast, PreTrainedTokenizerFast

import bert
import encoders
import gpt2
import llama
import seeded
import tokenization
from floats import f32s, write

# Neighbours in a ranking closer than this could change places.
MARGIN = 2e-4
GPT2 = dict(about="Surprisal with tokenizers/byte-level; texts are longer than the context.", seed=911, n_embd=36, n_layer=2, n_head=3, n_positions=23, n_inner=None, lengths=[])
LLAMA = dict(
    about="The same where a BOS stands before the text.", seed=921, hidden_size=36, intermediate_size=50, num_hidden_layers=2, num_attention_heads=3,
    num_key_value_heads=1, max_position_embeddings=32, tie_word_embeddings=True, lengths=[],
)
BERT = dict(
    about="Guesses from one side, ranks, losses of pretraining.", seed=901, hidden_size=36, num_hidden_layers=2, num_attention_heads=3, intermediate_size=52,
    max_position_embeddings=40, hidden_act="gelu", lengths=[],
)
KIN = {
    "distilbert": dict(about="Guesses from one side, losses.", seed=931, dim=36, n_layers=2, n_heads=3, hidden_dim=52, max_position_embeddings=40, lengths=[]),
    "roberta": dict(
        about="Guesses from one side, losses.", seed=941, hidden_size=36, num_hidden_layers=2, num_attention_heads=3, intermediate_size=52,
        max_position_embeddings=42, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, lengths=[],
    ),
    "albert": dict(
        about="Guesses from one side, losses.", seed=951, embedding_size=20, hidden_size=36, num_hidden_layers=2, num_attention_heads=3, intermediate_size=52,
        max_position_embeddings=40, lengths=[],
    ),
}
READ = ["It is raining today.", "a", "caf\u00e9 \U0001f600\n\n", "The quick brown fox jumps over the lazy dog, and " * 3 + "rests."]
BEGUN = ["the", "It is raining today, so", ""]
SCORED = ["It is raining today.", "umbrella", "the capital of france is paris, and she would go away"]
MASKED = ["the capital of france is {}.", "{} quick brown {} jumps {} the dog", "caf\u00e9 \u4e2d {} \U0001f600 and"]
TRAINED = [("the capital of france is paris, and she would go away", None), ("It is raining today.", "Take an umbrella when you leave."), ("london", "the lazy dog")]


def ranked(row: torch.Tensor, count: int) -> list[dict]:
    """The likeliest of the probabilities `row`."""
    top = row.topk(count + 1)
    scores = top.values.tolist()
    assert all(a - b > MARGIN * b for a, b in zip(scores, scores[1:])), "close call; take another seed"
    return [{"token": token, "score": f32s(score)} for token, score in list(zip(top.indices.tolist(), scores))[:count]]


def rank(row: torch.Tensor, token: int) -> int | None:
    """1 for the likeliest; `None` where another token is too close to tell."""
    others = torch.cat([row[:token], row[token + 1 :]])
    close = ((others - row[token]).abs() < MARGIN * row[token]).any()
    return None if close else int((others > row[token]).sum()) + 1


def surprisal(model, ids: list[int], context: int) -> list[dict]:
    """Each token from those of its window that stand before it, one forward pass a token. Windows begin half a context
    behind one another; a token belongs to the first that is not full before it."""
    stride = math.ceil(context / 2)
    tokens = []
    for place in range(1, len(ids)):
        start = max(0, math.ceil((place - context) / stride)) * stride
        row = model(torch.tensor([ids[start:place]])).logits[0, -1].softmax(-1)
        bits = -math.log2(row[ids[place]].item())
        tokens.append({"bits": f32s(bits), "rank": rank(row, ids[place]), "top": ranked(row, 3)})
    return tokens


def read(model, tokenizer, context: int, bos: int | None) -> list[dict]:
    out = []
    for text in READ:
        ids = ([] if bos is None else [bos]) + tokenizer(text)["input_ids"]
        tokens = surprisal(model, ids, context)
        total = sum(token["bits"] for token in tokens)
        # What the first token covers is nobody's guess; characters may be cut in two by tokens, here the first is whole.
        first = 0 if bos is not None else len(tokenizer.decode(ids[:1]).encode())
        left = len(text.encode()) - first
        out.append({
            "text": text, "ids": ids, "tokens": tokens, "total_bits": f32s(total),
            "perplexity": f32s(2 ** (total / len(tokens))) if tokens else None,
            "bits_per_byte": f32s(total / left) if tokens else None,
        })
    return out


def following(model, tokenizer) -> list[dict]:
    out = []
    for text in BEGUN:
        ids = tokenizer(text)["input_ids"] or [tokenizer.bos_token_id]
        row = model(torch.tensor([ids])).logits[0, -1].softmax(-1)
        out.append({"text": text, "top": ranked(row, 4)})
    return out


class Encoder:
    def __init__(self, model, tokenizer):
        self.model, self.tokenizer = model, tokenizer
        self.pretrains = isinstance(model.config, bert.BertConfig)
        self.reads_types = model.config.model_type in ("bert", "albert")

    def output(self, ids: list[int], types: list[int] | None, **labels):
        given = {"token_type_ids": torch.tensor([types])} if self.reads_types and types is not None else {}
        return self.model(input_ids=torch.tensor([ids]), **given, **labels)

    def probabilities(self, ids: list[int], types: list[int] | None = None) -> torch.Tensor:
        output = self.output(ids, types)
        return (output.prediction_logits if self.pretrains else output.logits)[0].softmax(-1)

    def one_sided(self, ids: list[int], place: int, side: str) -> list[int]:
        """`ids` with all but special tokens masked on the other side; what the vocabulary lacks is no special token here."""
        keep = set(self.tokenizer.all_special_ids) - {self.tokenizer.unk_token_id}
        hidden = range(place + 1, len(ids)) if side == "left" else range(place)
        return [self.tokenizer.mask_token_id if at in hidden and id not in keep else id for at, id in enumerate(ids)]

    def contexts(self, text: str) -> list[dict]:
        mask = self.tokenizer.mask_token_id
        ids = self.tokenizer(text)["input_ids"]
        places = [place for place, id in enumerate(ids) if id == mask]
        out = []
        for side in ("left", "right"):
            rows = [self.probabilities(self.one_sided(ids, place, side))[place] for place in places]
            filled, steps = list(ids), []
            for place in places:
                row = self.probabilities(self.one_sided(filled, place, side))[place] if side == "left" else None
                if row is not None:
                    steps.append(ranked(row, 1)[0])
                    filled[place] = steps[-1]["token"]
            out.append({"text": text, "context": side, "masks": [ranked(row, 5) for row in rows], "joint": steps or None})
        return out

    def trained(self, text: str, pair: str | None, seed: int) -> dict:
        """Losses of chosen tokens, as transformers computes them from labels."""
        encoding = self.tokenizer(*([text] if pair is None else [text, pair]), return_token_type_ids=True)
        ids, types = encoding["input_ids"], encoding["token_type_ids"]
        draw = random.Random(seed)
        special = set(self.tokenizer.all_special_ids)
        choice = [place for place, id in enumerate(ids) if id not in special]
        chosen = sorted(draw.sample(choice, max(1, len(choice) // 3)))
        masked = list(ids)
        for number, place in enumerate(chosen):
            masked[place] = [self.tokenizer.mask_token_id, draw.choice(choice), ids[place]][number % 3]
        labels = torch.full((1, len(ids)), -100)
        labels[0, chosen] = torch.tensor(ids)[chosen]
        output = self.output(masked, types)
        logits = (output.prediction_logits if self.pretrains else output.logits)[0]
        losses = F.cross_entropy(logits[chosen], labels[0, chosen], reduction="none")
        mlm, nsp = losses.mean().item(), None
        if self.pretrains and pair is not None:
            label = [torch.tensor([number]) for number in (0, 1)]
            nsp = [F.cross_entropy(output.seq_relationship_logits, one).item() for one in label]
            both = [self.output(masked, types, labels=labels, next_sentence_label=one).loss.item() for one in label]
            assert all(abs(mlm + one - two) < 1e-5 for one, two in zip(nsp, both)), "the sum of both losses"
        elif not self.pretrains:
            assert abs(self.output(masked, types, labels=labels).loss.item() - mlm) < 1e-5
        rows = logits.softmax(-1)
        return {
            "text": text, **({} if pair is None else {"pair": pair}), "input_ids": masked, "chosen": chosen,
            "losses": f32s(losses), "ranks": [rank(rows[place], ids[place]) for place in chosen],
            "top": [ranked(rows[place], 5) for place in chosen], "mlm_loss": f32s(mlm), "nsp_losses": nsp and f32s(nsp),
        }

    def ranks(self, text: str) -> dict:
        """Of each token, masked."""
        ids = self.tokenizer(text)["input_ids"]
        tokens = []
        for place in range(1, len(ids) - 1):
            row = self.probabilities([self.tokenizer.mask_token_id if at == place else id for at, id in enumerate(ids)])[place]
            tokens.append({"log_prob": f32s(math.log(row[ids[place]].item())), "rank": rank(row, ids[place]), "top": ranked(row, 3)})
        return {"text": text, "tokens": tokens}

    def all(self) -> dict:
        texts = [text.replace("{}", self.tokenizer.mask_token) for text in MASKED]
        return {
            "contexts": [case for text in texts for case in self.contexts(text)],
            "trained": [self.trained(*texts, seed) for seed, texts in enumerate(TRAINED)],
            "ranks": [self.ranks(text) for text in SCORED],
        }


def write_model(path: str, case: dict, build, run) -> None:
    seed, config, tensors, found = gpt2.first_good(case, build, run)
    write(path, {
        "about": case["about"], "seed": seed, "config": config, "generator_check": seeded.proof(tensors, seed), "tensors": tensors, **found,
    })


@torch.no_grad()
def main() -> None:
    folders = tokenization.FOLDERS
    pieces = GPT2TokenizerFast.from_pretrained(folders / "byte-level")
    size = len(pieces)

    def gpt(case):
        model, config, tensors = gpt2.build(case)
        return model, {**config, "bos_token_id": pieces.bos_token_id}, tensors

    write_model("lens/gpt2.json", {**GPT2, "vocab_size": size}, gpt, lambda model: {
        "surprisal": read(model, pieces, GPT2["n_positions"], None), "next_token": following(model, pieces),
    })
    write_model("lens/llama.json", {**LLAMA, "vocab_size": size}, llama.build, lambda model: {
        "surprisal": read(model, pieces, LLAMA["max_position_embeddings"], pieces.bos_token_id),
    })
    words, roberta = BertTokenizerFast.from_pretrained(folders / "wordpiece-uncased"), tokenization.roberta(folders / "roberta")
    albert = PreTrainedTokenizerFast(
        tokenizer_file=str(folders / "albert/tokenizer.json"), pad_token="<pad>", unk_token="<unk>", cls_token="[CLS]", sep_token="[SEP]",
        mask_token=AddedToken("[MASK]", lstrip=True, special=True),
    )
    write_model("lens/bert.json", {**BERT, "vocab_size": len(words)}, bert.build, lambda model: Encoder(model, words).all())
    for kind, tokenizer in [("distilbert", words), ("roberta", roberta), ("albert", albert)]:
        case = {**KIN[kind], "vocab_size": len(tokenizer)}
        write_model(f"lens/{kind}.json", case, lambda case: encoders.build(kind, case), lambda model: Encoder(model, tokenizer).all())


if __name__ == "__main__":
    main()
