"""Rows of tokens for GPT-2: windows of the books, and TL;DR examples.

A TL;DR example is text + "\\nTL;DR: " + summary, as the GPT-2 paper prompts (section 3.6). Beside the corpus's pairs there
are gap sentences: the sentence of a passage that has most words in common with the rest (Zhang et al. 2019, PEGASUS,
section 3.1) is its summary; it stays in the text half of the time, so that copying is learnt as well. Copying alone is
learnt soonest from rows that say something twice (Olsson et al. 2022, arXiv:2209.11895, on induction heads).
"""

import hashlib
import re
from pathlib import Path

import numpy as np

from corpus import is_development, read_documents, read_pairs, sentences, text_files

CUE = "\nTL;DR: "
END = "<|endoftext|>"
# Book descriptions are few and are what people will try most.
COPIES = {"standardebooks": 5}


# Passes over a source an epoch, and sources that are no running text.
PASSES = {"stories": 8, "textbooks": 1, "books": 0.25, "facts": 0.3, "speeches": 0.2}
ALONE = ("everyday",)


def words(text):
    return re.findall(r"[a-z]+", text.lower())


def gap_sentence(parts):
    """Index of the sentence with the highest word overlap (F1) with the others, or None."""
    bags = [set(words(part)) for part in parts]
    best, score = None, 0.0
    for i, bag in enumerate(bags):
        others = set().union(*(b for j, b in enumerate(bags) if j != i))
        if not 5 <= len(bag) <= 40 or not others:
            continue
        common = len(bag & others)
        f1 = 2 * common / (len(bag) + len(others))
        if f1 > score:
            best, score = i, f1
    return best


def gap_pairs(documents, rng, count):
    """(text, summary) pairs from passages of 60 to 250 words."""
    passages = []
    for document in documents:
        held, size = [], 0
        for paragraph in document:
            held.append(paragraph)
            size += len(paragraph.split())
            if size >= 60:
                if size <= 250:
                    passages.append(" ".join(held))
                held, size = [], 0
    pairs = []
    for i in rng.permutation(len(passages)):
        if len(pairs) == count:
            break
        parts = sentences(passages[i])
        best = gap_sentence(parts) if len(parts) >= 4 else None
        if best is None:
            continue
        keep = rng.random() < 0.5
        text = " ".join(p for j, p in enumerate(parts) if keep or j != best)
        pairs.append((text, parts[best].strip().strip("\"'")))
    return pairs


class Tokens:
    """`stream`: the documents, each behind END, flat, as often as `passes` says of their source (a fraction is drawn).
    `examples`: flat TL;DR examples with `example_starts` and `cues` (where the summary begins)."""

    def __init__(self, stream, examples, example_starts, cues):
        self.stream, self.examples, self.example_starts, self.cues = stream, examples, example_starts, cues


def load(folder, tokenizer, cache, gaps=20000, development=False):
    """The tokens of a folder, from the cache if the same files were read before."""
    return from_arrays(np.load(cached(folder, tokenizer, cache, gaps, development)), development)


def from_arrays(a, development=False):
    passes = np.array([1.0 if development else PASSES.get(str(name), 1.0) for name in a["names"]])[a["source"]]
    times = np.floor(passes + np.random.default_rng(0).random(len(passes))).astype(int)
    stream, starts = a["stream"], a["starts"]
    parts = [stream[starts[i] : starts[i + 1]] for i in np.repeat(np.arange(len(passes)), times)]
    return Tokens(np.concatenate(parts or [stream[:0]]), a["examples"], a["example_starts"], a["cues"])


def cached(folder, tokenizer, cache, gaps, development):
    """The file of the tokens, written if it is not there."""
    files = text_files(folder)
    key = hashlib.md5(
        repr([(f.name, f.stat().st_size) for f in files] + [tokenizer.to_str(), gaps]).encode()
    ).hexdigest()[:12]
    file = Path(cache) / f"gpt-{key}-{'dev' if development else 'train'}.npz"
    if not file.exists():
        arrays = read(files, folder, tokenizer, gaps, development)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **arrays)
    return file


def read(files, folder, tokenizer, gaps, development):
    """Arrays of the stream with the start and source of every document, and of the TL;DR examples."""
    end = tokenizer.token_to_id(END)
    names = [f.name.split(".")[0] for f in files]
    documents, source = [], []
    for number, file in enumerate(files):
        for document in read_documents(file):
            # Single sentences that have nothing to do with each other make no story.
            if is_development(document) == development and names[number] not in ALONE:
                documents.append([" ".join(document)] if names[number] == "stories" else document)
                source.append(number)
    stream, starts, total = [], [0], 0
    for i in range(0, len(documents), 256):
        for encoding in tokenizer.encode_batch(["\n".join(d) for d in documents[i : i + 256]]):
            stream.append(np.array([end, *encoding.ids], dtype=np.uint16))
            total += len(stream[-1])
            starts.append(total)
    rng = np.random.default_rng(0)
    pairs = [
        (text, summary)
        for text, summary, source_of_pair in read_pairs(folder)
        if is_development(text) == development
        for _ in range(1 if development else COPIES.get(source_of_pair, 1))
    ]
    pairs += gap_pairs(documents, rng, gaps)
    examples, example_starts, cues, total = [], [0], [], 0
    texts = tokenizer.encode_batch([text + CUE for text, _ in pairs])
    summaries = tokenizer.encode_batch([summary for _, summary in pairs])
    for text, summary in zip(texts, summaries):
        ids = np.array([end, *text.ids, *summary.ids, end], dtype=np.uint16)
        cues.append(1 + len(text.ids))
        examples.append(ids)
        total += len(ids)
        example_starts.append(total)
    empty = np.zeros(0, dtype=np.uint16)
    return {
        "stream": np.concatenate(stream or [empty]),
        "starts": np.array(starts),
        "source": np.array(source, dtype=np.uint8),
        "names": np.array(names),
        "examples": np.concatenate(examples or [empty]),
        "example_starts": np.array(example_starts),
        "cues": np.array(cues),
    }


class Batches:
    """Batch number `step`: rows of `length` + 1 tokens and a weight for each target.

    Most rows are windows of the stream (each epoch cut at another offset, in another order), the rest TL;DR examples, one
    after another; of these the text counts `text_weight`, the summary 1. `copy_share` of the rows hold passages said
    twice, of which only the second time counts.
    """

    def __init__(self, data, seed, rows, length, tldr_share, text_weight, end, copy_share=0.0):
        self.data, self.seed, self.length, self.text_weight, self.end = data, seed, length, text_weight, end
        self.tldr_rows = round(rows * tldr_share) if len(data.cues) else 0
        self.copy_rows = round(rows * copy_share)
        self.story_rows = rows - self.tldr_rows - self.copy_rows
        self.cut = {}

    def _story(self, index):
        windows = (len(self.data.stream) - 2) // self.length - 1
        epoch, at = divmod(index, windows)
        if ("story", epoch) not in self.cut:
            rng = np.random.default_rng([self.seed, epoch, 1])
            self.cut = {k: v for k, v in self.cut.items() if k[0] != "story"}
            self.cut["story", epoch] = int(rng.integers(self.length)), rng.permutation(windows)
        offset, order = self.cut["story", epoch]
        start = offset + int(order[at]) * self.length
        return self.data.stream[start : start + self.length + 1]

    def _tldr_rows(self, epoch):
        """An epoch's examples, shuffled and packed whole into rows; one too long for a row keeps its end."""
        if ("tldr", epoch) not in self.cut:
            rng = np.random.default_rng([self.seed, epoch, 2])
            room, rows, row, used = self.length + 1, [], [], 0
            for i in rng.permutation(len(self.data.cues)):
                size = min(room, int(self.data.example_starts[i + 1] - self.data.example_starts[i]))
                if used + size > room:
                    rows.append(row)
                    row, used = [], 0
                row.append(int(i))
                used += size
            rows.append(row)
            self.cut = {k: v for k, v in self.cut.items() if k[0] != "tldr" or k[1] >= epoch - 1}
            self.cut["tldr", epoch] = rows
        return self.cut["tldr", epoch]

    def _copies(self, step, row):
        """A row of passages of 10 to 60 tokens, each again after up to 60 other tokens, and where the repetitions are."""
        rng = np.random.default_rng([self.seed, step, row, 3])
        parts, again = [], []
        while sum(map(len, parts)) <= self.length:
            passage, between = (int(n) for n in rng.integers((10, 0), 61))
            start = int(rng.integers(len(self.data.stream) - passage - between))
            parts.append(self.data.stream[start : start + passage + between])
            parts.append(self.data.stream[start : start + passage])
            # The first token says which passage comes again; it can only be guessed.
            again.append(np.arange(passage + between + passage) > passage + between)
        room = self.length + 1
        return np.concatenate(parts)[:room], np.concatenate(again)[:room]

    def __call__(self, step):
        n = self.story_rows + self.tldr_rows + self.copy_rows
        ids = np.full((n, self.length + 1), self.end, dtype=np.int64)
        weights = np.zeros((n, self.length), dtype=np.float32)
        for row in range(self.story_rows):
            ids[row] = self._story(step * self.story_rows + row)
            weights[row] = 1
        per_epoch = len(self._tldr_rows(0)) - 1 if self.tldr_rows else 0
        for row in range(self.tldr_rows):
            # Epochs pack into slightly different numbers of rows; the shortest would do, so the last few are left out.
            epoch, at = divmod(step * self.tldr_rows + row, max(1, per_epoch))
            rows, used = self._tldr_rows(epoch), 0
            for i in rows[min(at, len(rows) - 1)]:
                tokens = self.data.examples[self.data.example_starts[i] : self.data.example_starts[i + 1]]
                cue = int(self.data.cues[i])
                lost = max(0, len(tokens) - (self.length + 1))
                tokens, cue = tokens[lost:], cue - lost
                ids[self.story_rows + row, used : used + len(tokens)] = tokens
                # The weight at position p is of the token at p + 1.
                weights[self.story_rows + row, used : used + max(0, cue - 1)] = self.text_weight
                weights[self.story_rows + row, used + max(0, cue - 1) : used + len(tokens) - 1] = 1
                used += len(tokens)
        for row in range(self.story_rows + self.tldr_rows, n):
            ids[row], again = self._copies(step, row)
            weights[row] = again[1:]
        return ids, weights
