"""Whole tasks on BERT's and GPT-2's kin with the small tokenizers: filled masks, generated text."""

import torch
from transformers import AddedToken, BertTokenizerFast, OpenAIGPTTokenizer, PreTrainedTokenizerFast, pipeline

import encoders
import gpt2
import openai_gpt
import seeded
import tasks
import tokenization
from floats import f32s, write

DISTILBERT = dict(
    about="Fill-mask with tokenizers/wordpiece-uncased.",
    seed=602, dim=64, n_layers=2, n_heads=4, hidden_dim=128, max_position_embeddings=48, lengths=[],
)
ROBERTA = dict(
    about="Fill-mask with tokenizers/roberta; sequences are transformers' own.",
    seed=1764, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
    max_position_embeddings=50, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, lengths=[],
)
ALBERT = dict(
    about="Fill-mask with tokenizers/albert.",
    seed=651, embedding_size=32, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
    max_position_embeddings=48, lengths=[],
)
OPENAI_GPT = dict(
    about="Generation with tokenizers/openai-gpt.",
    seed=812, n_embd=64, n_layer=2, n_head=4, n_positions=96, lengths=[],
)
DISTILBERT_TEXTS = ["the capital of france is [MASK].", "[MASK] quick brown [MASK] jumps over the lazy dog"]
ALBERT_TEXTS = ["The capital of France is [MASK].", "[MASK] quick\u00a0brown [MASK] jumps ov[MASK] \uff21"]
ROBERTA_TEXTS = [
    "The capital of France is <mask>.",
    "<mask> said that she was here",
    "She was  <mask> and (<mask>) un<mask>",
    "pre<mask>",
    "caf\u00e9 \U0001f600 <mask> \u4e2d\u6587, with it",
    "the <mask> <mask><mask> of it",
]
# Each is a piece of the vocabulary with a blank before it and without.
ROBERTA_TARGETS = ["is", "on", "all", "and"]
PROMPTS = ["the", "It is RAINING today, so", "He left. <unk>", "caf\u00e9 and an umbrella"]


class FillMask(tasks.FillMask):
    def probabilities(self, ids: list[int]) -> torch.Tensor:
        return self.model(torch.tensor([ids])).logits[0].softmax(-1)


def fill_mask(model, tokenizer, texts: list[str], targets: list[str]) -> list[dict]:
    task = FillMask(model, tokenizer)
    reference = pipeline("fill-mask", model=model, tokenizer=tokenizer, top_k=tasks.TOP)
    cases = []
    for text in texts:
        predictions = task.independent(text)
        theirs = reference(text)
        theirs = theirs if isinstance(theirs[0], list) else [theirs]
        for ours, other in zip(predictions, theirs, strict=True):
            for candidate, known in zip(ours, other, strict=True):
                assert candidate["token"] == known["token"] and abs(candidate["score"] - known["score"]) < 1e-6
                assert known["token_str"].isascii(), "half a character; take another seed"
                piece = candidate["token_str"]
                # A decoder for blanks takes the first one off; it is part of the piece.
                candidate["token_str"] = piece.replace("\u2581", " ") if "\u2581" in piece else known["token_str"]
                # With one mask, transformers gives the text itself; a blank at its very start is no part of it.
                if len(predictions) == 1 and tokenizer.mask_token == "<mask>":
                    candidate["sequence"] = known["sequence"].removeprefix(" ") if text.startswith(tokenizer.mask_token) else known["sequence"]
        ids = tokenizer(text)["input_ids"]
        offsets = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
        probabilities = task.probabilities(ids)
        scores = []
        for position in task.masks(ids):
            # Offsets are without the blank that the mask takes.
            blank = text[: offsets[position][0]].endswith(" ")
            pieces = [tokenizer.convert_tokens_to_ids(("\u0120" if blank else "") + word) for word in targets]
            scores.append([f32s(probabilities[position, piece]) for piece in pieces])
        cases.append({
            "text": text, "masks": predictions, "targets": scores,
            "joint": [task.joint(text, order) for order in ("left-to-right", "best-first")],
        })
    return cases


def generation(model, tokenizer) -> list[dict]:
    """As for GPT-2, but a word's blank depends on the word before it: the text is what follows the prompt's."""
    out = tasks.generation(model, tokenizer, PROMPTS)
    for case in out:
        for tokens, text in [("tokens", "text"), ("penalty_tokens", "penalty_text")]:
            shown = [tokenizer.decode(ids, skip_special_tokens=True) for ids in (case["prompt_ids"], case["prompt_ids"] + case[tokens])]
            assert shown[1].startswith(shown[0])
            case[text] = shown[1].removeprefix(shown[0])
    return out


@torch.no_grad()
def main() -> None:
    folders = tokenization.FOLDERS
    words, pieces = BertTokenizerFast.from_pretrained(folders / "wordpiece-uncased"), tokenization.roberta(folders / "roberta")
    sentence_pieces = PreTrainedTokenizerFast(
        tokenizer_file=str(folders / "albert/tokenizer.json"), pad_token="<pad>", unk_token="<unk>", cls_token="[CLS]", sep_token="[SEP]",
        mask_token=AddedToken("[MASK]", lstrip=True, special=True),
    )
    for kind, case, tokenizer, texts, targets in [
        ("albert", ALBERT, sentence_pieces, ALBERT_TEXTS, []),
        ("distilbert", DISTILBERT, words, DISTILBERT_TEXTS, []),
        ("roberta", ROBERTA, pieces, ROBERTA_TEXTS, ROBERTA_TARGETS),
    ]:
        case = {**case, "vocab_size": len(tokenizer)}
        seed, config, tensors, masks = gpt2.first_good(
            case, lambda case: encoders.build(kind, case), lambda model: fill_mask(model, tokenizer, texts, targets)
        )
        write(f"tasks/{kind}.json", {
            "about": case["about"], "seed": seed, "config": config, "generator_check": seeded.proof(tensors, seed),
            "tensors": tensors, "targets": targets, "fill_mask": masks,
        })

    gpt = OpenAIGPTTokenizer.from_pretrained(folders / "openai-gpt")
    case = {**OPENAI_GPT, "vocab_size": len(gpt)}

    def texts_and_beams(model):
        texts = generation(model, gpt)
        return texts, tasks.beams(model, gpt, texts)

    seed, config, tensors, (texts, searched) = gpt2.first_good(case, openai_gpt.build, texts_and_beams)
    write("tasks/openai-gpt.json", {
        "about": case["about"], "seed": seed, "config": config, "repetition_penalty": gpt2.PENALTY,
        "generator_check": seeded.proof(tensors, seed), "tensors": tensors,
        "generation": texts, "beam_tokens": tasks.BEAM_TOKENS, "beams": searched,
    })


if __name__ == "__main__":
    main()
