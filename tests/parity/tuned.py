"""Opens a folder that crate/examples/fine_tune.rs wrote with transformers: `tuned.py FOLDER [FOLDER …]`.

Every weight must be there, none too many, and the labels of the texts held back must be those that the run itself gave. The
run's frozen layers are computed in 8 bits, so that some probabilities differ a little.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import (
    AutoModelForQuestionAnswering, AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer,
)

MOST = 40  # texts that are compared
CLASSES = {
    "SequenceClassification": AutoModelForSequenceClassification,
    "TokenClassification": AutoModelForTokenClassification,
    "QuestionAnswering": AutoModelForQuestionAnswering,
}


def check(folder: Path) -> None:
    architecture = json.loads((folder / "config.json").read_text())["architectures"][0]
    task = architecture.split("For")[1]
    model, loading = CLASSES[task].from_pretrained(folder, output_loading_info=True)
    assert type(model).__name__ == architecture, type(model)
    for problem in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        assert not loading[problem], f"{problem}: {loading[problem]}"
    model = model.float().eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    evaluation = json.loads((folder / "evaluation.json").read_text())
    same, worst, count = 0, 0.0, 0
    if task == "SequenceClassification":
        for one in evaluation["predictions"][:MOST]:
            with torch.no_grad():
                scores = model(**tokenizer(one["text"], return_tensors="pt", truncation=True)).logits[0].softmax(0)
            same += model.config.id2label[int(scores.argmax())] == one["predicted"]
            worst = max(worst, abs(float(scores[model.config.label2id[one["predicted"]]]) - one["score"]))
            count += 1
        assert same >= 0.95 * count, f"{same} of {count}"
    print(folder, architecture, next(model.parameters()).dtype, f"{same} of {count} the same, scores {worst:.3f} apart at most")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for argument in sys.argv[1:]:
        check(Path(argument))
