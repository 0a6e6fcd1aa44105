"""Question answering: logits, and what transformers' pipeline makes of them, on seeded models with the small tokenizers.

    python3 -m venv /tmp/qa && /tmp/qa/bin/pip install transformers==4.57.6 torch numpy
    /tmp/qa/bin/python tests/parity/question_answering.py

Not part of make_fixtures.py: transformers 5 has no pipeline for it.
"""

import torch
from transformers import pipeline
from transformers.pipelines import question_answering as module

import gpt2
import heads
import seeded
from floats import f32s, write

SEEDS = {"bert": 3201, "distilbert": 3211, "roberta": 3221, "albert": 3231}
QUESTION = "What is the capital of France?"
CONTEXTS = [
    "\U0001f600 The capital of France is Paris, and caf\u00e9 umbrellas are raining.",
    heads.LONG,
]
OPTIONS = [
    {},
    {"top_k": 4},
    {"top_k": 6, "align_to_words": False},
    {"top_k": 3, "max_answer_len": 2},
    {"top_k": 5, "handle_impossible_answer": True},
    {"top_k": 3, "doc_stride": 5, "max_seq_len": 28},
    {"top_k": 2, "doc_stride": 0, "handle_impossible_answer": True},
]


def null_score(ask, context: str, options: dict) -> float:
    """The least over the windows, as the pipeline would report it beside the answers."""
    seen, original = [], module.select_starts_ends

    def watched(*arguments):
        result = original(*arguments)
        seen.append(result[3])
        return result

    module.select_starts_ends = watched
    ask(question=QUESTION, context=context, **{**options, "handle_impossible_answer": True})
    module.select_starts_ends = original
    return seen[-1]


def answers(model, tokenizer) -> dict:
    ask = pipeline("question-answering", model=model, tokenizer=tokenizer)
    cases, null_scores = [], []
    for context in CONTEXTS:
        for options in OPTIONS:
            found = ask(question=QUESTION, context=context, **options)
            found = found if isinstance(found, list) else [found]
            assert found[-1]["score"] > 1e-6, "too few answers; take another seed"
            heads.spread([one["score"] for one in found], 1e-5)
            null = null_score(ask, context, options)
            null_scores.append(null)
            cases.append({
                "context": context, "options": options, "null_score": f32s(null),
                "answers": [{**one, "score": f32s(one["score"])} for one in found],
            })
    batch = heads.encoded(tokenizer, QUESTION, CONTEXTS[0])
    output = heads.forward(model, batch)
    rows = {"input_ids": batch["input_ids"][0].tolist(), "start": f32s(output.start_logits[0]), "end": f32s(output.end_logits[0])}
    is_empty = any(one["answer"] == "" for case in cases for one in case["answers"])
    assert is_empty or model.config.model_type != "bert", "no empty answer; take another seed"
    assert max(null_scores) > 1e-5, "the null answer never counts; take another seed"
    return {"question": QUESTION, "logits": rows, "cases": cases}


@torch.no_grad()
def main() -> None:
    for kind, seed in SEEDS.items():
        tokenizer = heads.tokenizer_of(kind)
        case = {"seed": seed, "vocab_size": len(tokenizer), **heads.SIZES[kind]}
        tokenizer.model_max_length = case["max_position_embeddings"] - (2 if kind == "roberta" else 0)
        seed, config, tensors, results = gpt2.first_good(
            case, lambda case: heads.build(kind, "QuestionAnswering", case), lambda model: answers(model, tokenizer)
        )
        write(f"heads/{kind}-qa.json", {
            "about": f"{config['architectures'][0]} with tokenizers of fixtures/tokenizers.", "seed": seed, "config": config,
            "generator_check": seeded.proof(tensors, seed), "tensors": tensors, **results,
        })


if __name__ == "__main__":
    main()
