"""Reading training text: a folder of .txt or .txt.xz files, and TL;DR pairs.

A text file holds one paragraph a line and a blank line between documents. A file without blank lines is one document,
so any folder of plain text will do. Sub-folders are not read: `heldout/` stays out of training.
"""

import hashlib
import json
import lzma
import re
from pathlib import Path

# A sentence ends at . ! or ?, with closing quotes, before a blank and something that starts a sentence.
SENTENCE_END = re.compile(r"""(?<=[.!?])(["')\]]*)\s+(?=["'(\[]*[A-Z0-9])""")
# Words that end with a full stop inside a sentence.
ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|Col|Gen|Lt|Sgt|Rev|Hon|Messrs|Mme|Jr|Sr|No|vs|etc|[A-Z])\.$")


def open_text(path):
    path = Path(path)
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return open(path, encoding="utf-8")


def text_files(folder):
    folder = Path(folder)
    files = sorted(p for p in folder.iterdir() if p.name.endswith((".txt", ".txt.xz")))
    if not files:
        raise SystemExit(f"{folder}: no .txt or .txt.xz file here (one paragraph a line, a blank line between documents)")
    return files


def read_documents(path):
    """The documents of one file, each a list of paragraphs."""
    documents, paragraphs = [], []
    with open_text(path) as file:
        for line in file:
            line = line.strip()
            if line:
                paragraphs.append(line)
            elif paragraphs:
                documents.append(paragraphs)
                paragraphs = []
    if paragraphs:
        documents.append(paragraphs)
    return documents


def read_pairs(folder):
    """The (text, summary, source) of `tldr.jsonl[.xz]`, none if there is no such file."""
    for name in ("tldr.jsonl.xz", "tldr.jsonl"):
        path = Path(folder) / name
        if path.exists():
            with open_text(path) as file:
                rows = [json.loads(line) for line in file if line.strip()]
            return [(row["text"].strip(), row["summary"].strip(), row.get("source", "")) for row in rows]
    return []


def sentences(paragraph):
    parts, start = [], 0
    for match in SENTENCE_END.finditer(paragraph):
        end = match.end(1)
        if ABBREVIATION.search(paragraph[start : match.start()]):
            continue
        parts.append(paragraph[start:end])
        start = match.end()
    parts.append(paragraph[start:])
    return [part for part in parts if part]


def is_development(document, share=100):
    """One document in `share`, by its text's hash, is kept for the curves. It never depends on the order of files."""
    first = document[0] if isinstance(document, list) else document
    return int(hashlib.md5(first.encode()).hexdigest(), 16) % share == 0
