"""BERT's pre-training examples: pairs of whole sentences, masked (Devlin et al. 2018, section 3.1 and appendix A.2).

Documents are cut from start to end into examples, so that an epoch sees each sentence about once; half of the second
parts are replaced by another span, and the cursor then goes back to what was replaced. Beside the paper's long pairs
there are batches of single sentences and pairs of two sentences, as people type them.
"""

import hashlib
import math
from pathlib import Path

import numpy as np

from corpus import is_development, read_documents, sentences, text_files

CLS, SEP, MASK, PAD = 101, 102, 103, 0
# Passes over a source an epoch. Modern English counts more than its share; half of the books are drawn anew each epoch.
PASSES = {"textbooks": 1.5, "stories": 5, "facts": 2, "books": 0.5, "speeches": 0.5}
# The same for the batches of short examples, which are few: everyday words (`wordnet.py`) are a quarter of them.
SHORT_PASSES = {"everyday": 16, "stories": 8, "facts": 4, "textbooks": 0.6, "books": 0.2, "speeches": 0.2}
# Sources whose sentences have nothing to do with the one before: these are seen alone.
ALONE = ("everyday",)
MODERN = ("textbooks", "stories")
# Where the second part of a pair that does not follow comes from; the rest are spans of another document, as in the paper.
SWAPPED, SAME_DOCUMENT = 0.15, 0.2
# In BERT's vocabulary punctuation and the most frequent words come first; these may be repeated.
FREQUENT = 2200
# A label of next sentence that does not count: there is one part only.
SINGLE = -100


class Sentences:
    """Token ids of all sentences of all documents, flat, with offsets, and the source of every document.

    In documents marked `repeats` (facts in several wordings) a chosen word is hidden wherever it stands.
    """

    def __init__(self, ids, sentence_start, document_start, repeats, source):
        self.ids, self.sentence_start, self.document_start = ids, sentence_start, document_start
        self.repeats, self.source, self.wanted = repeats, source, np.ones(len(source), dtype=bool)

    @property
    def documents(self):
        return len(self.document_start) - 1

    def tokens(self, first, last):
        return self.ids[self.sentence_start[first] : self.sentence_start[last]]

    def length(self, sentence):
        return int(self.sentence_start[sentence + 1] - self.sentence_start[sentence])

    def document_of(self, sentence):
        return int(np.searchsorted(self.document_start, sentence, side="right")) - 1

    def only(self, wanted):
        """The same with no other documents an epoch than those for which `wanted` is true."""
        other = Sentences(self.ids, self.sentence_start, self.document_start, self.repeats, self.source)
        other.wanted = self.wanted & wanted
        return other

    def order(self, passes, rng):
        """The documents of an epoch, each so many times as `passes` says of its source; a fraction of a pass is drawn."""
        names, inverse = np.unique(self.source, return_inverse=True)
        each = np.array([passes.get(str(name), 1.0) for name in names])[inverse] * self.wanted
        whole = np.floor(each).astype(int)
        return np.repeat(np.arange(self.documents), whole + (rng.random(self.documents) < each - whole))


def load(folder, tokenizer, cache, development=False):
    """The tokens of a folder's documents, from the cache if the same files were read before."""
    return from_arrays(np.load(cached(folder, tokenizer, cache, development)))


def cached(folder, tokenizer, cache, development):
    """The file of the tokens, written if it is not there."""
    files = text_files(folder)
    key = hashlib.md5(repr([(f.name, f.stat().st_size) for f in files]).encode()).hexdigest()[:12]
    file = Path(cache) / f"bert-{key}-{'dev' if development else 'train'}.npz"
    if not file.exists():
        arrays = read(files, tokenizer, development)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **arrays)
    return file


def read(files, tokenizer, development):
    """Arrays of the tokens, offsets and source of every document."""
    ids, sentence_start, document_start, source = [], [0], [0], []
    names = [file.name.split(".")[0] for file in files]
    total = 0
    for number, file in enumerate(files):
        for document in read_documents(file):
            if is_development(document) != development:
                continue
            if names[number] == "stories":
                document = [" ".join(document)]  # A line is a page of a picture book.
            parts = [s for paragraph in document for s in sentences(paragraph)]
            for encoding in tokenizer.encode_batch(parts, add_special_tokens=False):
                if encoding.ids:
                    ids.append(np.array(encoding.ids, dtype=np.uint16))
                    total += len(encoding.ids)
                    sentence_start.append(total)
            if len(sentence_start) - 1 > document_start[-1]:
                document_start.append(len(sentence_start) - 1)
                source.append(number)
    return {
        "ids": np.concatenate(ids),
        "sentence_start": np.array(sentence_start),
        "document_start": np.array(document_start),
        "source": np.array(source, dtype=np.uint8),
        "names": np.array(names),
    }


def from_arrays(a):
    source = a["names"][a["source"]]
    return Sentences(a["ids"], a["sentence_start"], a["document_start"], source == "facts", source)


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


def not_following(data, order, document, at, following, after, hard, rng):
    """A second part that does not follow: its first sentence, or `None` for the pair swapped."""
    start, end = int(data.document_start[document]), int(data.document_start[document + 1])
    dice = rng.random() if hard else 1
    if dice < SWAPPED and after > following:
        return None
    if dice < SWAPPED + SAME_DOCUMENT and end - after + at - start > 4:
        first = int(rng.integers(start, end - (after - at)))
        return first if first < at else first + after - at
    while True:
        other = int(order[rng.integers(len(order))])
        if (other != document and data.source[other] not in ALONE) or data.documents == 1:
            return int(rng.integers(data.document_start[other], data.document_start[other + 1]))


def cut_epoch(data, seed, epoch, max_length, whole=False, hard=True, shard=(0, 1)):
    """All examples of an epoch, shuffled: an array of (first sentence of A, room for A, first of B, room for B, is_next).

    `whole`: single sentences and pairs of one sentence each, as `short_examples`. `shard`: (k, n) cuts every nth document
    of a shuffled epoch alone.
    """
    rng = np.random.default_rng([seed, epoch, max_length, int(whole)])
    if whole:
        examples, order = short_examples, data.order(SHORT_PASSES, rng)
    else:
        examples, order = pairs, data.order(PASSES | {name: 0 for name in ALONE}, rng)
    mine = order if shard == (0, 1) else rng.permutation(order)[shard[0] :: shard[1]]
    rows = [row for document in mine for row in examples(data, order, int(document), max_length, hard, rng)]
    rows = np.array(rows, dtype=np.int32).reshape(-1, 5)
    return rows[rng.permutation(len(rows))]


def pairs(data, order, document, max_length, hard, rng, short=0.1):
    """Rows of a document cut from start to end into two parts of whole sentences; a share `short` of them shorter."""
    at, end = int(data.document_start[document]), int(data.document_start[document + 1])
    while at < end:
        room = max_length - 3
        if rng.random() < short:
            room = int(rng.integers(12, room))
        room_a = int(rng.integers(room // 4, room - room // 4 + 1))
        a, following = span(data, at, end, room_a)
        room_b = room - len(a)
        after = span(data, following, end, room_b)[1] if following < end else following
        if following < end and rng.random() < 0.5:
            yield at, room_a, following, room_b, 1
            at = after
            continue
        first = not_following(data, order, document, at, following, after, hard, rng)
        if first is None:
            yield following, room_b, at, room_a, 0
            at = after
        else:
            yield at, room_a, first, room_b, 0
            at = following


def short_examples(data, order, document, max_length, hard, rng):
    """Rows of a document: sentences alone (no B: -1) and pairs of one sentence each, whatever fits whole."""
    at, end = int(data.document_start[document]), int(data.document_start[document + 1])
    while at < end:
        a, following = data.length(at), at + 1
        room_b = max_length - 3 - a if data.source[document] not in ALONE else 0
        b = data.length(following) if following < end else max_length
        if b <= room_b and rng.random() < 0.6:
            if rng.random() < 0.5:
                yield at, a, following, b, 1
                at += 2
                continue
            first = not_following(data, order, document, at, following, following + 1, hard, rng)
            if first is None:
                yield following, b, at, a, 0
                at += 2
                continue
            if data.length(first) <= room_b:
                yield at, a, first, data.length(first), 0
                at += 1
                continue
        if 4 <= a <= max_length - 2:
            yield at, a, -1, 0, SINGLE
        at += 1


def example(data, row):
    """Token ids of A and B of one row; B is `None` where there is one part only."""
    first_a, room_a, first_b, room_b, is_next = (int(x) for x in row)

    def part(first, room):
        return span(data, first, int(data.document_start[data.document_of(first) + 1]), room)[0]

    return part(first_a, room_a), part(first_b, room_b) if first_b >= 0 else None, is_next


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
        ids = np.concatenate([[CLS], a, [SEP]] + ([] if b is None else [b, [SEP]])).astype(np.int64)
        out["token_type_ids"][i, len(a) + 2 : len(ids)] = 1
        out["attention_mask"][i, : len(ids)] = True
        out["not_next"][i] = SINGLE if b is None else 1 - is_next
        candidates = np.concatenate([np.arange(1, len(a) + 1), np.arange(len(a) + 2, len(ids) - 1)])
        count = min(predictions, max(1, round(0.15 * len(candidates))))
        chosen = np.sort(rng.choice(candidates, count, replace=False))
        out["positions"][i, :count] = chosen
        out["labels"][i, :count] = ids[chosen]
        out["weights"][i, :count] = 1
        dice = rng.random(count)
        if data.repeats[data.document_of(int(row[0]))]:
            ids[np.isin(ids, ids[chosen[dice < 0.8]]) & (ids > FREQUENT)] = MASK
        ids[chosen[dice < 0.8]] = MASK
        randomised = chosen[dice >= 0.9]
        ids[randomised] = rng.integers(first_word, vocab_size, len(randomised))
        out["input_ids"][i, : len(ids)] = ids
    return out


def unmasked(data, rows, max_length):
    """Rows as they stand in the text: uint16 tokens with padding, where B starts, how long all is, not_next, repeats."""
    ids = np.zeros((len(rows), max_length), dtype=np.uint16)
    second, length = np.zeros((2, len(rows)), dtype=np.int16)
    not_next = np.zeros(len(rows), dtype=np.int8)
    repeats = data.repeats[np.searchsorted(data.document_start, rows[:, 0], side="right") - 1]
    for i, row in enumerate(rows):
        a, b, is_next = example(data, row)
        tokens = np.concatenate([[CLS], a, [SEP]] + ([] if b is None else [b, [SEP]]))
        ids[i, : len(tokens)] = tokens
        second[i], length[i], not_next[i] = len(a) + 2, len(tokens), SINGLE if b is None else 1 - is_next
    return ids, second, length, not_next, repeats


class Batches:
    """Batch number `step`, always the same for the same seed, of `tokens` tokens with padding.

    Every `long_every`th holds fewer, longer examples, every `short_every`th single sentences and short pairs (0: never).
    `hard`: what does not follow may also be the pair swapped or from the same document.
    """

    def __init__(self, data, seed, tokens, vocab_size, length, long=(512, 0), short=(32, 0), hard=True):
        self.data, self.seed, self.tokens, self.vocab_size, self.hard = data, seed, tokens, vocab_size, hard
        self.length, (self.long_length, self.long_every), (self.short_length, self.short_every) = length, long, short
        self.epochs = {}

    def rows(self, length, index):
        """Rows of the `index`th batch of this length."""
        n = self.tokens // length
        cut = lambda epoch: cut_epoch(self.data, self.seed, epoch, length, length == self.short_length, self.hard)
        if length not in self.epochs:
            self.epochs[length] = (0, 0, cut(0))
        epoch, start, rows = self.epochs[length]
        if index * n < start:  # An earlier batch than the last one asked for.
            epoch, start, rows = 0, 0, cut(0)
        while index * n + n > start + len(rows):
            if len(rows) < n:
                raise SystemExit(f"an epoch has {len(rows)} examples of {length} tokens, a batch {n}: more text or fewer tokens a step")
            epoch, start = epoch + 1, start + len(rows) // n * n
            rows = cut(epoch)
        self.epochs[length] = (epoch, start, rows)
        return rows[index * n - start : index * n - start + n]

    def place(self, step):
        """(length, number among the batches of this length) of a step."""
        count = lambda every, steps: steps // every if every else 0
        both = math.lcm(self.long_every, self.short_every) if self.long_every and self.short_every else 0
        before = {
            self.long_length: count(self.long_every, step),
            self.short_length: count(self.short_every, step) - count(both, step),
        }
        if self.long_every and (step + 1) % self.long_every == 0:
            length = self.long_length
        elif self.short_every and (step + 1) % self.short_every == 0:
            length = self.short_length
        else:
            return self.length, step - sum(before.values())
        return length, before[length]

    def __call__(self, step):
        length, index = self.place(step)
        rng = np.random.default_rng([self.seed, step, 7])
        return batch(self.data, self.rows(length, index), length, rng, self.vocab_size)
