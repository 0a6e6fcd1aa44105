#!/usr/bin/env python3
"""Makes models/unigram/tokenizer.json, the SentencePiece Unigram tokenizer that the page shows beside WordPiece and BPE:
unigram.py DIR [--out models/unigram/tokenizer.json]

Normalised and cut as T5 does (NFKC, blanks in a row are one, `▁` for a blank, `</s>` behind the text). The same folder gives
the same pieces: the documents are chosen by their hashes, and training draws nothing at random. (It adds in the order of a
hash table: the last digit of a few scores may differ.)
"""

import argparse
import hashlib
import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from corpus import read_documents, text_files

SPECIAL = ["<pad>", "</s>", "<unk>"]
# Digits of a score, the logarithm of a probability.
DIGITS = 3


def lines(folder, megabytes):
    """Paragraphs of each file, up to so many MB."""
    for path in text_files(folder):
        left = megabytes * 1e6
        for document in sorted(read_documents(path), key=lambda d: hashlib.md5("\n".join(d).encode()).digest()):
            if left <= 0:
                break
            left -= sum(len(paragraph) for paragraph in document)
            yield from (paragraph for paragraph in document if "__" not in paragraph)


def train(folder, megabytes, vocab_size):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=vocab_size, special_tokens=SPECIAL, unk_token="<unk>", max_piece_length=16, show_progress=False)
    tokenizer.train_from_iterator(lines(folder, megabytes), trainer)
    end = tokenizer.token_to_id("</s>")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", end)])
    return tokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "models/unigram/tokenizer.json")
    parser.add_argument("--megabytes", type=float, default=1.2, help="of each file")
    parser.add_argument("--vocabulary", type=int, default=8000)
    arguments = parser.parse_args()
    state = json.loads(train(arguments.folder, arguments.megabytes, arguments.vocabulary).to_str())
    vocab = [[piece, round(score, DIGITS)] for piece, score in state["model"]["vocab"]]
    special, pieces = vocab[: len(SPECIAL)], vocab[len(SPECIAL) :]
    state["model"]["vocab"] = special + sorted(pieces, key=lambda piece: (-piece[1], piece[0]))
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    Tokenizer.from_str(text)  # still one
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(text + "\n", encoding="utf-8")
    print(f"{arguments.out}: {len(state['model']['vocab'])} pieces, {len(text.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
