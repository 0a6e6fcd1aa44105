#!/usr/bin/env python3
"""Writes sources/sums.src: sums of small numbers, in words, with the things they count."""

from pathlib import Path

W = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty""".split()
PLUS = [(a, b) for a in range(2, 10) for b in range(2, 10) if (a * 7 + b * 3) % 4 == 0 or a == b]
TIMES = [(a, b) for a in range(2, 7) for b in range(2, 7) if a * b <= 20]
FRAMES_PLUS = """
<a> and <b> {are|is|make} <c>.
<a> plus <b> {is|equals} <c>.
"What is <a> plus <b>?" "<c>."
<c> minus <b> {is|leaves} <a>.
There were <a> {birds|cows|children|boats}, and then <b> more came. That {makes|made} <c>.
<P> had <c> {nuts|cherries|marbles|stamps} and gave away <b>. <he> had <a> left.
In one {basket|nest|bag} there are <a> eggs, in the other <b>; together there are <c>.
If you add <b> to <a>, you get <c>.
Take <b> from <c>, and <a> {are left|remain}.
<P> is <a> years old now. In <b> years <he> will be <c>.
"I have <a> {pens|books}." "And I have <b>, so together we have <c>."
"""
FRAMES_TIMES = """
<a> times <b> {is|makes} <c>.
<c> divided by <a> is <b>.
<a> {boxes|bags|rows} with <b> {balls|pears|chairs} each: that is <c> in all.
{There are|We have} <c> {sweets|biscuits|plums} for <a> children. Each gets <b>.
"How much is <a> times <b>?" "<c>," said <P>{ at once|}.
One ticket costs <b> pounds, so <a> tickets cost <c>.
"""


def block(pairs, result, frames, uses):
    rows = "\n".join(f"{W[a]} | {W[b]} | {W[result(a, b)]}" for a, b in pairs if result(a, b) <= 20)
    return f"## table a b c uses={uses} size=5\n{rows}\n--{frames}"


text = block(PLUS, lambda a, b: a + b, FRAMES_PLUS, 7) + block(TIMES, lambda a, b: a * b, FRAMES_TIMES, 5)
(Path(__file__).parent / "sources" / "sums.src").write_text(text)
