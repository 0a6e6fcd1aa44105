#!/usr/bin/env python3
"""Everyday words out of WordNet 3.0 as sentences: wordnet.py DICT TOKENIZER.JSON OUT.txt.xz

DICT is the folder with data.noun and so on (Debian package wordnet-base: usr/share/wordnet). The words are those that BERT's
vocabulary has whole, so the common ones. There are opposites, kinds, parts, meanings and the example sentences of all senses;
every relation is said in one or two of several ways. A document holds ten sentences of one kind of relation, none of which
has to do with the next: nothing can be copied from one to another.
"""

import json
import lzma
import random
import re
import sys
from pathlib import Path

POS = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
# Files of lexicographers whose nouns are things: animals, artefacts, parts of the body, food, objects, plants, substances.
THINGS = {"05": "animal", "06": "artifact", "08": "body", "13": "food", "17": "object", "20": "plant", "27": "substance"}
MASS = {"13", "27"}
# What no visitor should meet: the corpus's facts leave these out as well.
UNWANTED = re.compile(
    r"\b(sex\w*|penis|vagina\w*|genital\w*|slur|offensive|obscene|disparaging|ethnic|negro\w*|jew\w*|prostitut\w*|whore|breasts?|anus|f[ae]ces|rap(?:e|ed|ist)|drugs?|nazi\w*)\b",
    re.I,
)


class Synset:
    def __init__(self, key, line):
        head, _, gloss = line.partition(" | ")
        fields = head.split()
        self.key, self.lexicographer = key, fields[1]
        count = int(fields[3], 16)
        self.words = [re.sub(r"\(\w+\)$", "", w).replace("_", " ") for w in fields[4 : 4 + 2 * count : 2]]
        at = 4 + 2 * count
        pointers = int(fields[at])
        self.pointers = []
        for i in range(pointers):
            symbol, offset, pos, ends = fields[at + 1 + 4 * i : at + 5 + 4 * i]
            self.pointers.append((symbol, (POS[pos], offset), int(ends[:2], 16), int(ends[2:], 16)))
        self.examples = re.findall(r'"([^"]+)"', gloss)
        self.meaning = re.sub(r'\s*;?\s*"[^"]*"[^;]*', "", gloss).strip(" ;\n")


def read(folder):
    """({(part of speech, offset): Synset}, {(part of speech, word): offsets by frequency of the sense})."""
    synsets, senses = {}, {}
    for pos in ("noun", "verb", "adj", "adv"):
        for line in (Path(folder) / f"data.{pos}").read_text().splitlines():
            if not line.startswith(" "):
                key = (pos, line[:8])
                synsets[key] = Synset(key, line)
        for line in (Path(folder) / f"index.{pos}").read_text().splitlines():
            if not line.startswith(" "):
                fields = line.split()
                count = int(fields[2])
                senses[pos, fields[0].replace("_", " ")] = fields[-count:]
    return synsets, senses


def a(word):
    return ("an " if word[0] in "aeiou" and not re.match(r"uni|eu|one\b", word) else "a ") + word


def capital(text):
    return text[0].upper() + text[1:]


def opposites(synsets, common):
    for synset in synsets.values():
        for symbol, key, mine, theirs in synset.pointers:
            if symbol != "!" or not mine:
                continue
            x, y = synset.words[mine - 1], synsets[key].words[theirs - 1]
            if not (common(x) and common(y)):
                continue
            yield f"The opposite of {x} is {y}."
            yield f"{capital(x)} is the opposite of {y}."
            yield f"{capital(x)} and {y} are opposites."
            if key[0] == "adj":
                yield f"Something that is {x} is not {y}."
                yield f"One of them was {x}, but the other was {y}."
                yield f"Is it {x} or {y}?"


def things(synsets, senses, common):
    """The first sense of every common noun that is a thing."""
    for (pos, word), offsets in senses.items():
        synset = synsets[pos, offsets[0]]
        if pos == "noun" and common(word) and synset.lexicographer in THINGS and synset.words[0] == word:
            yield word, synset


def name(word, synset):
    return word if synset.lexicographer in MASS else a(word)


def kinds(synsets, senses, common):
    for word, synset in things(synsets, senses, common):
        for symbol, key, _, _ in synset.pointers:
            kind = synsets[key].words[0] if symbol == "@" else ""
            if kind and word not in kind.split() and kind[0].islower() and all(map(common, kind.split())):
                yield f"{capital(name(word, synset))} is a kind of {kind}."
                yield f"{capital(name(word, synset))} is {a(kind) if synset.lexicographer not in MASS else 'a sort of ' + kind}."


def parts(synsets, senses, common):
    for word, synset in things(synsets, senses, common):
        for symbol, key, _, _ in synset.pointers:
            part = synsets[key].words[0] if symbol == "%p" else ""
            if part and word not in part and all(map(common, part.split())):
                yield f"{capital(a(word))} has {a(part)}."
                yield f"{capital(a(part))} is a part of {a(word)}."


def meanings(synsets, senses, common):
    for word, synset in things(synsets, senses, common):
        if 3 <= len(synset.meaning.split()) <= 30 and "(" not in synset.meaning:
            meaning = synset.meaning.replace("; ", ", ", 1).split("; ")[0]
            be = "" if synset.lexicographer in MASS or re.match(r"(an?|the|any|one|either|each|something) ", meaning) else a(meaning.split()[0])[:-len(meaning.split()[0])]
            yield f"{capital(name(word, synset))} is {be}{meaning}."


def examples(synsets):
    """Those that are sentences: verbs' examples, and others with a pronoun or an article and a verb to go by."""
    for (pos, _), synset in synsets.items():
        for text in synset.examples:
            text = text.strip()
            words = text.split()
            sentence = pos == "verb" or re.match(r"(he|she|they|we|i|you|it|there|his|her|my|their|our)\b", text, re.I)
            if sentence and 4 <= len(words) <= 20 and not re.search(r"[-;:\[\]*\d]|\.\.\.", text):
                yield capital(text) + ("" if text[-1] in ".!?" else ".")


def sentences(folder, vocabulary, probes=()):
    """{kind: sentences}, without any that is a probe with one of its answers, word for word."""
    synsets, senses = read(folder)
    common = lambda word: word.lower() in vocabulary and word.isalpha() and len(word) > 1
    found = {
        "opposites": opposites(synsets, common),
        "kinds": kinds(synsets, senses, common),
        "parts": parts(synsets, senses, common),
        "meanings": meanings(synsets, senses, common),
        "examples": examples(synsets),
    }
    held = {tuple(re.findall(r"\w+", p.lower())) for p in probes}
    random.seed(1)
    result = {}
    for kind, texts in found.items():
        texts = [t for t in dict.fromkeys(texts) if not UNWANTED.search(t) and tuple(re.findall(r"\w+", t.lower())) not in held]
        random.shuffle(texts)
        result[kind] = texts
    return result


def main():
    folder, tokenizer, out = sys.argv[1:]
    vocabulary = json.loads(Path(tokenizer).read_text())["model"]["vocab"]
    probes = [
        text.replace("[MASK]", answer)
        for rows in json.loads((Path(__file__).parent.parent / "tests/evaluate/probes/cloze.json").read_text()).values()
        for text, answers in rows.items()
        for answer in answers
    ]
    documents = []
    for kind, texts in sentences(folder, vocabulary, probes).items():
        print(kind, len(texts), *random.sample(texts, 12), sep="\n  ")
        documents += ["\n".join(texts[i : i + 10]) for i in range(0, len(texts), 10)]
    with lzma.open(out, "wt", encoding="utf-8") as file:
        file.write("\n\n".join(documents) + "\n")


if __name__ == "__main__":
    main()
