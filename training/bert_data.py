"""BERT's pre-training examples: pairs of whole sentences, masked (Devlin et al. 2018, section 3.1 and appendix A.2).

Documents are cut from start to end into examples, so that an epoch sees each sentence about once; half of the second
parts are replaced by a span of another document, and the cursor then goes back to what was replaced.
"""

import hashlib
from pathlib import Path

import numpy as np

from corpus import is_development, read_documents, sentences, text_files

CLS, SEP, MASK, PAD = 101, 102, 103, 0
# Facts are few, and what people try first ("The capital of France is [MASK].") is in them: seen more often an epoch.
COPIES = {"facts": 4}


class Sentences:
    """Token ids of all sentences of all documents, flat, with offsets."""

    def __init__(self, ids, sentence_start, document_start, copies):
        self.ids, self.sentence_start, self.document_start, self.copies = ids, sentence_start, document_start, copies

    @property
    def documents(self):
        return len(self.document_start) - 1

    def tokens(self, first, last):
        return self.ids[self.sentence_start[first] : self.sentence_start[last]]

    def length(self, sentence):
        return int(self.sentence_start[sentence + 1] - self.sentence_start[sentence])


def load(folder, tokenizer, cache, development=False):
    """The tokens of a folder's documents, from the cache if the same files were read before."""
    files = text_files(folder)
    key = hashlib.md5(repr([(f.name, f.stat().st_size) for f in files]).encode()).hexdigest()[:12]
    cached = Path(cache) / f"bert-{key}-{'dev' if development else 'train'}.npz"
    if cached.exists():
        a = np.load(cached)
        return Sentences(a["ids"], a["sentence_start"], a["document_start"], a["copies"])
    ids, sentence_start, document_start, copies = [], [0], [0], []
    total = 0
    for file in files:
        name = file.name.split(".")[0]
        for document in read_documents(file):
            if is_development(document) != development:
                continue
            parts = [s for paragraph in document for s in sentences(paragraph)]
            for encoding in tokenizer.encode_batch(parts, add_special_tokens=False):
                if encoding.ids:
                    ids.append(np.array(encoding.ids, dtype=np.uint16))
                    total += len(encoding.ids)
                    sentence_start.append(total)
            if len(sentence_start) - 1 > document_start[-1]:
                document_start.append(len(sentence_start) - 1)
                copies.append(COPIES.get(name, 1))
    result = Sentences(np.concatenate(ids), np.array(sentence_start), np.array(document_start), np.array(copies))
    cached.parent.mkdir(parents=True, exist_ok=True)
    np.savez(cached, ids=result.ids, sentence_start=result.sentence_start, document_start=result.document_start, copies=result.copies)
    return result


def span(data, start, end, room, from_end=False):
    """Whole sentences from `start` on, at most `room` tokens; a longer first sentence is cut. (tokens, next sentence)"""
    last, used = start, 0
    while last < end and used + data.length(last) <= room:
        used += data.length(last)
        last += 1
    if last > start:
        return data.tokens(start, last), last
    tokens = data.tokens(start, start + 1)
    return (tokens[-room:] if from_end else tokens[:room]), start + 1


def cut_epoch(data, seed, epoch, max_length, short=0.1):
    """All examples of an epoch, shuffled: an array of (first sentence of A, room for A, first of B, room for B, is_next)."""
    rng = np.random.default_rng([seed, epoch, max_length])
    rows = []
    order = np.repeat(np.arange(data.documents), data.copies)
    starts = data.document_start
    for document in order:
        at, end = int(starts[document]), int(starts[document + 1])
        while at < end:
            room = max_length - 3
            if rng.random() < short:
                room = int(rng.integers(12, room))
            room_a = int(rng.integers(room // 4, room - room // 4 + 1))
            a, following = span(data, at, end, room_a)
            room_b = room - len(a)
            if following < end and rng.random() < 0.5:
                b, after = span(data, following, end, room_b)
                rows.append((at, room_a, following, room_b, 1))
                at = after
            else:
                while True:
                    other = int(order[rng.integers(len(order))])
                    if other != document or data.documents == 1:
                        break
                first = int(rng.integers(starts[other], starts[other + 1]))
                rows.append((at, room_a, first, room_b, 0))
                at = following
    rows = np.array(rows, dtype=np.int32)
    return rows[rng.permutation(len(rows))]


def example(data, row):
    """Token ids of A and B of one row."""
    first_a, room_a, first_b, room_b, is_next = (int(x) for x in row)

    def end_of(sentence):
        return int(data.document_start[np.searchsorted(data.document_start, sentence, side="right")])

    a, _ = span(data, first_a, end_of(first_a), room_a)
    b, _ = span(data, first_b, end_of(first_b), room_b)
    return a, b, is_next


def batch(data, rows, max_length, rng, vocab_size, first_word=999):
    """Padded arrays of a batch. `positions` of the chosen tokens are padded with weight 0 to 15 % of `max_length`."""
    n, predictions = len(rows), round(0.15 * max_length) + 1
    out = {
        "input_ids": np.zeros((n, max_length), dtype=np.int64),
        "token_type_ids": np.zeros((n, max_length), dtype=np.int64),
        "attention_mask": np.zeros((n, max_length), dtype=bool),
        "positions": np.zeros((n, predictions), dtype=np.int64),
        "labels": np.zeros((n, predictions), dtype=np.int64),
        "weights": np.zeros((n, predictions), dtype=np.float32),
        "not_next": np.zeros(n, dtype=np.int64),
    }
    for i, row in enumerate(rows):
        a, b, is_next = example(data, row)
        ids = np.concatenate([[CLS], a, [SEP], b, [SEP]]).astype(np.int64)
        out["token_type_ids"][i, len(a) + 2 : len(ids)] = 1
        out["attention_mask"][i, : len(ids)] = True
        out["not_next"][i] = 1 - is_next
        candidates = np.concatenate([np.arange(1, len(a) + 1), np.arange(len(a) + 2, len(ids) - 1)])
        count = min(predictions, max(1, round(0.15 * len(candidates))))
        chosen = np.sort(rng.choice(candidates, count, replace=False))
        out["positions"][i, :count] = chosen
        out["labels"][i, :count] = ids[chosen]
        out["weights"][i, :count] = 1
        dice = rng.random(count)
        ids[chosen[dice < 0.8]] = MASK
        randomised = chosen[dice >= 0.9]
        ids[randomised] = rng.integers(first_word, vocab_size, len(randomised))
        out["input_ids"][i, : len(ids)] = ids
    return out


class Batches:
    """Batch number `step`, always the same for the same seed. Every `long_every`th holds fewer, longer examples."""

    def __init__(self, data, seed, tokens, length, long_length, long_every, vocab_size):
        self.data, self.seed, self.vocab_size = data, seed, vocab_size
        self.shapes = {length: tokens // length, long_length: tokens // long_length}
        self.length, self.long_length, self.long_every = length, long_length, long_every
        self.epochs = {}

    def rows(self, length, index):
        """Rows of the `index`th batch of this length."""
        n = self.shapes[length]
        if length not in self.epochs:
            self.epochs[length] = (0, 0, cut_epoch(self.data, self.seed, 0, length))
        epoch, start, rows = self.epochs[length]
        while index * n + n > start + len(rows):
            epoch, start = epoch + 1, start + len(rows) // n * n
            rows = cut_epoch(self.data, self.seed, epoch, length)
            self.epochs[length] = (epoch, start, rows)
        return rows[index * n - start : index * n - start + n]

    def __call__(self, step):
        is_long = self.long_every and step % self.long_every == self.long_every - 1
        length = self.long_length if is_long else self.length
        longs = (step + 1) // self.long_every if self.long_every else 0
        index = longs - 1 if is_long else step - longs
        rng = np.random.default_rng([self.seed, step, 7])
        return batch(self.data, self.rows(length, index), length, rng, self.vocab_size)
