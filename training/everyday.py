#!/usr/bin/env python3
"""Puts the sentences of everyday/ into a folder of text: everyday.py DIR. Sentences that are probes of tests/evaluate are left out.

`everyday.plain.txt` is trained on a sentence at a time (its source is "everyday"); connected texts go to `stories.everyday.txt`.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from corpus import sentences

HERE = Path(__file__).parent
CONNECTED = ("stories", "daily", "scenes", "dialogues", "topics")
PROBES = HERE.parent / "tests/evaluate/probes/cloze.json"


def words(text):
    return " ".join(re.findall(r"[a-z0-9']+|\[mask\]", text.lower()))


def probes():
    """A pattern that matches every probe with any word in its gap."""
    texts = [text for rows in json.loads(PROBES.read_text()).values() for text in rows]
    return re.compile("|".join(re.escape(words(text)).replace(r"\[mask\]", r"\S+") for text in texts))


def without(text, pattern):
    """Paragraphs without the sentences that are probes, and how many were left out."""
    kept, dropped = [], 0
    for line in text.splitlines():
        parts = sentences(line) if line.strip() else []
        good = [part for part in parts if not pattern.fullmatch(words(part))]
        dropped += len(parts) - len(good)
        if good or not parts:
            kept.append(" ".join(good))
    return "\n".join(kept) + "\n\n", dropped


def main():
    out, pattern = Path(sys.argv[1]), probes()
    subprocess.run([sys.executable, HERE / "everyday/make.py"], check=True, stdout=subprocess.DEVNULL)
    total = 0
    for name, connected in (("everyday.plain.txt", False), ("stories.everyday.txt", True)):
        texts = []
        for file in sorted((HERE / "everyday").glob("*.txt")):
            if file.stem.startswith(CONNECTED) == connected:
                text, dropped = without(file.read_text(), pattern)
                texts.append(text)
                total += dropped
        (out / name).write_text("".join(texts))
        print(f"{name}: {len(''.join(texts).split()):,} words")
    print(f"{total} sentences left out, which are probes")


if __name__ == "__main__":
    main()
