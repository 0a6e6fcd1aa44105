#!/usr/bin/env python3
"""Writes NAME.txt beside this file from each sources/NAME.src: make.py [NAME ...]

A source is a sequence of blocks, each started by a line `## …`:

  ## table COLUMN COLUMN … [uses=4] [size=5]   rows `a | b | c` (`-`: none), a line `--`, then frames, one a line.
      Each row meets `uses` of the frames that need no column it lacks; the passages are shuffled and put together to
      documents of `size`, in which no row and no frame comes twice.
  ## again [uses=4] [size=5]                   more frames for the rows of the table before
  ## text [times=3] [size=1]                   documents, one a line, each expanded `times` times; with a `size`, short
      passages instead, of which `size` different ones make a document (these may come again in other company).

In frames and texts
  {a|b}    is one of the choices (they may nest),
  <name>   is the row's column; <name+s>, <name+ed>, <name+ing> are its plural or third person, past and -ing form,
  <P>      is somebody's first name, with <he> <him> <his> <himself> <boy> <man>; <Q> a second one's (<qhe> <qhim> …),
  [a=x|y]  draws <a> once for the whole text; [a/b=x/u|y/v] draws <a> and <b> together,
  //       ends a paragraph, and `a` becomes `an` where that is due.
"""

import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
GIRLS = """Anna Mary Emma Lucy Sara Mia Rosa Nina Grace Alice Clara Ella Ruby Molly Kate Jane Lily Amy Zoe Maya Leila
Hannah Julia Eva Nora Sophie Daisy Betty Helen Laura Tina Aisha Priya Mei Fatima Ines Rachel Susan Olga Tara""".split()
BOYS = """Tom Ben Sam Jack Peter Max Leo David Paul John Tim Adam Oliver Harry George Daniel Luke Noah Finn Omar Ali
James Simon Mark Henry Charlie Felix Oscar Hugo Ravi Kenji Pedro Joe Billy Eric Frank Carlos Ivan Samuel Nick""".split()
SHE = dict(he="she", him="her", his="her", himself="herself", boy="girl", man="woman", son="daughter", brother="sister")
HE = {word: word for word in SHE}

IRREGULAR = {
    "+s": """child:children man:men woman:women foot:feet tooth:teeth goose:geese mouse:mice sheep:sheep deer:deer fish:fish
        leaf:leaves loaf:loaves knife:knives wife:wives wolf:wolves calf:calves shelf:shelves half:halves scarf:scarves
        potato:potatoes tomato:tomatoes hero:heroes ox:oxen have:has do:does go:goes be:is person:people thief:thieves
        fireman:firemen policeman:policemen postman:postmen fisherman:fishermen milkman:milkmen moose:moose squid:squid
        salmon:salmon trout:trout cod:cod elf:elves hoof:hooves mosquito:mosquitoes buffalo:buffaloes""",
    "+ed": """go:went do:did have:had be:was say:said see:saw come:came take:took give:gave get:got make:made know:knew
        think:thought find:found tell:told leave:left feel:felt keep:kept let:let begin:began hold:held bring:brought
        write:wrote sit:sat stand:stood lose:lost pay:paid meet:met run:ran set:set learn:learnt lead:led read:read
        grow:grew fall:fell send:sent build:built break:broke drive:drove cut:cut put:put hit:hit buy:bought wear:wore
        choose:chose speak:spoke eat:ate drink:drank sing:sang swim:swam fly:flew draw:drew throw:threw catch:caught
        teach:taught sleep:slept sweep:swept wake:woke ride:rode hide:hid bite:bit shut:shut hang:hung dig:dug
        stick:stuck ring:rang sink:sank shake:shook tear:tore steal:stole blow:blew freeze:froze light:lit feed:fed
        spend:spent lend:lent lie:lay lay:laid sell:sold fight:fought win:won shine:shone spill:spilt bend:bent
        hear:heard understand:understood forget:forgot rise:rose weave:wove spin:spun knit:knitted""",
    "+ing": """be:being see:seeing lie:lying die:dying tie:tying run:running sit:sitting swim:swimming cut:cutting
        put:putting hit:hitting get:getting set:setting win:winning dig:digging shut:shutting stop:stopping
        begin:beginning forget:forgetting chop:chopping plan:planning shop:shopping knit:knitting spin:spinning
        travel:travelling mop:mopping wrap:wrapping hug:hugging clap:clapping jog:jogging skip:skipping hop:hopping""",
}
IRREGULAR = {end: dict(pair.split(":") for pair in text.split()) for end, text in IRREGULAR.items()}
VOWELS = "aeiou"


def inflect(text, end):
    """The text whose last word (`+s`) or first word (`+ed`, `+ing`) has the ending."""
    words = text.split(" ")
    at = -1 if end == "+s" and not text.endswith("!") else 0
    word = words[at]
    if word in IRREGULAR[end]:
        words[at] = IRREGULAR[end][word]
    elif end == "+s":
        if re.search(r"(s|x|z|ch|sh)$", word):
            words[at] = word + "es"
        elif word.endswith("y") and word[-2] not in VOWELS:
            words[at] = word[:-1] + "ies"
        else:
            words[at] = word + "s"
    else:
        short = re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", word) is not None
        if word.endswith("e"):
            word = word[:-1]
        elif end == "+ed" and word.endswith("y") and word[-2] not in VOWELS:
            word = word[:-1] + "i"
        elif short:
            word += word[-1]
        words[at] = word + end[1:]
    return " ".join(words)


def choose(text, rng):
    """The text with one of each {a|b} taken, innermost first."""
    while True:
        found = re.search(r"\{([^{}]*)\}", text)
        if not found:
            return text
        text = text[: found.start()] + rng.choice(found[1].split("|")) + text[found.end() :]


def people(rng):
    """The columns of two different people."""
    columns = {}
    names = []
    for letter in "pq":
        girl = rng.random() < 0.5
        name = rng.choice([n for n in (GIRLS if girl else BOYS) if n not in names])
        names.append(name)
        columns[letter.upper()] = name
        for key, word in (SHE if girl else HE).items():
            columns[("" if letter == "p" else "q") + key] = word
    return columns


def fill(frame, row, rng):
    """A passage: the frame with its choices made, its columns filled in and its sentences tidied."""
    columns = {**people(rng), **row}

    def value(found):
        name, end = found[1], found[2]
        text = columns[name]
        return inflect(text, end) if end else text

    for names, values in re.findall(r"\[([\w/]+)=([^\]]*)\]", frame):
        columns.update(zip(names.split("/"), rng.choice(values.split("|")).split("/")))
    text = choose(re.sub(r"\[[^\]]*\]", "", frame), rng)
    for _ in range(2):  # a column may name somebody itself
        text = re.sub(r"<(\w+)(\+\w+)?>", value, text)
    text = choose(text, rng)
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])(?!(?:one|uni|use|usu|eur|Eur|ewe|Uni|ukulele)\w*)", r"\1n ", text)
    text = re.sub(r"\b[Aa] (?=(?:soap|glue)\b)", "", text)
    text = re.sub(r"\b([Aa]) (?=(?:hour|honest|heir)\b)", r"\1n ", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r'(^|[.!?] |\." |[.!?]" (?=")|// )("?)([a-z])', lambda m: m[1] + m[2] + m[3].upper(), text)
    return text


def option(line, name, default):
    found = re.search(rf"{name}=(\d+)", line)
    return int(found[1]) if found else default


def blocks(path):
    """(header, lines) of each block of a source."""
    header, lines = None, []
    for line in path.read_text().splitlines():
        if line.startswith("## "):
            if header:
                yield header, lines
            header, lines = line[3:], []
        elif line.strip():
            lines.append(line.strip())
    if header:
        yield header, lines


def table_documents(header, columns, rows, frames, rng, seen, name):
    uses, size = option(header, "uses", 4), option(header, "size", 5)
    passages = []
    for line in rows:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != len(columns):
            sys.exit(f"{name}: {len(columns)} columns asked for: {line}")
        row = {c: v for c, v in zip(columns, cells) if v != "-"}
        missing = [c for c in columns if c not in row]
        fit = [f for f in frames if not any(re.search(rf"<{c}(\+\w+)?>", f) for c in missing)]
        for frame in rng.sample(fit, min(uses, len(fit))):
            for _ in range(6):
                text = fill(frame, row, rng)
                if text not in seen:
                    seen.add(text)
                    passages.append((line, frame, text))
                    break
    rng.shuffle(passages)
    while passages:
        taken, rest = [], []
        for passage in passages:
            fits = len(taken) < size and all(passage[0] != t[0] and passage[1] != t[1] for t in taken)
            (taken if fits else rest).append(passage)
        yield " ".join(t[2] for t in taken)
        passages = rest


def turn(line, time):
    """Of a line that is one {a|b|c} as a whole, the choice whose turn it is; any other line as it stands."""
    if not (line.startswith("{") and line.endswith("}")):
        return line
    depth, parts = 0, [""]
    for letter in line[1:-1]:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return line
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts[time % len(parts)]


def text_documents(header, lines, rng, seen):
    times, size = option(header, "times", 3), option(header, "size", 1)
    earlier = {}  # the words of what a line has given so far
    for time in range(times):
        rng.shuffle(lines)
        for at in range(0, len(lines), size):
            text = " ".join(fill(turn(line, time), {}, rng) for line in lines[at : at + size])
            words = set(text.split())
            if size == 1 and any(len(words & old) > 0.95 * len(words) for old in earlier.get(lines[at], [])):
                continue  # too much like a sister
            earlier.setdefault(lines[at], []).append(words)
            if text not in seen:
                seen.add(text)
                yield re.sub(r" ?// ?", "\n", text)


def main():
    seen, total = set(), 0
    for path in sorted((HERE / "sources").glob("*.src")):
        rng = random.Random(path.stem)
        documents = []
        for header, lines in blocks(path):
            if header.startswith("table"):
                columns = [word for word in header.split()[1:] if "=" not in word]
                rows, lines = lines[: lines.index("--")], lines[lines.index("--") + 1 :]
            if header.startswith(("table", "again")):
                documents += table_documents(header, columns, rows, lines, rng, seen, path.name)
            else:
                documents += text_documents(header, lines, rng, seen)
        rng.shuffle(documents)
        text = "\n\n".join(documents) + "\n"
        left = re.search(r"[<>{}|]", text)
        if left:
            sys.exit(f"{path.name}: left over: {text[max(0, left.start() - 60):left.end() + 60]!r}")
        if len(sys.argv) == 1 or path.stem in sys.argv[1:]:
            (HERE / f"{path.stem}.txt").write_text(text)
        words = len(text.split())
        total += words
        print(f"{path.stem:16} {len(documents):5} documents {words:7} words {len(text) // 1000:4} kB")
    print(f"{'all':16} {total:23} words")


if __name__ == "__main__":
    main()
