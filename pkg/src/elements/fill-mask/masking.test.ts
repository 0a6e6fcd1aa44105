import { describe, expect, it, test } from 'vitest';
import {
  bestCombinations,
  carry,
  countMasks,
  direction,
  fill,
  maskAfter,
  pieces,
  toggle,
  withMasks,
} from './masking.js';

const wordsOf = (text: string): string[] =>
  pieces(text)
    .filter((piece) => piece.kind === 'word')
    .map((piece) => piece.text);
const wordPiece = (text: string, word: string) => pieces(text).find((piece) => piece.text === word)!;

describe('pieces', () => {
  it.each(['', 'Paris is the capital of [MASK].', '[MASK][MASK] x', 'naïve café, 東京 🙂 don’t', 'a\n\nb'])(
    'joined give %j again',
    (text) => {
      expect(
        pieces(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
      for (const piece of pieces(text)) expect(text.slice(piece.start, piece.end)).toBe(piece.text);
    },
  );
  it('finds words with their apostrophes, not punctuation', () =>
    expect(wordsOf("Don't stop, Ann!")).toEqual(["Don't", 'stop', 'Ann']));
  it('numbers the masks', () => {
    expect(
      pieces('[MASK] and [MASK]')
        .filter((piece) => piece.kind === 'mask')
        .map((piece) => piece.mask),
    ).toEqual([0, 1]);
  });
});

describe('toggle', () => {
  const start = { text: 'The cat sat.', hidden: [] };
  it('masks a word and puts it back', () => {
    const masked = toggle(start, wordPiece(start.text, 'cat'))!;
    expect(masked).toEqual({ text: 'The [MASK] sat.', hidden: ['cat'] });
    expect(toggle(masked, wordPiece(masked.text, '[MASK]'))).toEqual(start);
  });
  it('remembers each of several, in the order of the text', () => {
    const first = toggle(start, wordPiece(start.text, 'sat'))!;
    const both = toggle(first, wordPiece(first.text, 'The'))!;
    expect(both).toEqual({ text: '[MASK] cat [MASK].', hidden: ['The', 'sat'] });
    expect(
      toggle(
        both,
        pieces(both.text).find((piece) => piece.mask === 1)!,
      ),
    ).toEqual({ text: '[MASK] cat sat.', hidden: ['The'] });
  });
  it('masks a Chinese word character by character, as its models read it', () => {
    const chinese = { text: '我住在北京。', hidden: [] };
    const masked = toggle(chinese, wordPiece(chinese.text, '北京'))!;
    expect(masked).toEqual({ text: '我住在[MASK][MASK]。', hidden: ['北', '京'] });
    const [, second] = pieces(masked.text).filter(({ kind }) => kind === 'mask');
    expect(toggle(masked, second!)).toEqual({ text: '我住在[MASK]京。', hidden: ['北'] });
  });
  it('cannot put back what was never there', () => {
    expect(toggle({ text: 'A [MASK].', hidden: [null] }, wordPiece('A [MASK].', '[MASK]'))).toBeNull();
  });
});

test('a mask is put a blank apart from a word, where words are', () => {
  expect(maskAfter('The cat')).toBe(' [MASK]');
  for (const before of ['', 'The ', 'The cat, (', '我住在', 'とうきょう', 'กรุงเทพ'])
    expect(maskAfter(before)).toBe('[MASK]');
});

describe('carry', () => {
  const masked = { text: 'The [MASK] sat on the [MASK].', hidden: ['cat', 'mat'] };
  it('keeps both when the text between changes', () =>
    expect(carry(masked, 'The [MASK] lay on the [MASK].')).toEqual(['cat', 'mat']));
  it('forgets the one that went', () => expect(carry(masked, 'The [MASK] sat on the rug.')).toEqual(['cat']));
  it('knows nothing of one that was typed', () => {
    expect(carry(masked, 'The [MASK] sat [MASK] the [MASK].')).toEqual(['cat', null, 'mat']);
    expect(carry({ text: 'x', hidden: [] }, '[MASK]')).toEqual([null]);
  });
  it('starts anew with a new text', () => expect(carry(masked, 'Quite another [MASK] text')).toEqual([null]));
});

describe('fill', () => {
  const join = (parts: { text: string }[]) => parts.map((part) => part.text).join('');
  const word = (text: string, joins = false) => ({ text, joins });
  it('puts words in place and leaves the other masks', () => {
    const parts = fill('[MASK] is [MASK].', [word('Paris'), undefined]);
    expect(join(parts)).toBe('Paris is [MASK].');
    expect(parts.map((part) => part.filled)).toEqual([true, undefined, false, undefined]);
  });
  it('joins the parts of a character that stand side by side', () => {
    const [north, capital] = [
      ['<0xE5><0x8C>', '<0x97>'],
      ['<0xE4>', '<0xBA>', '<0xAC>'],
    ];
    const parts = fill(
      '我在[MASK][MASK][MASK][MASK][MASK]。',
      [...north, ...capital].map((one) => word(one)),
    );
    expect(parts.map(({ text }) => text)).toEqual(['我在', '北', '京', '。']);
    expect(join(fill('[MASK] [MASK]', [word('<0xE5>'), word('<0x8C>')]))).toBe('<0xE5> <0x8C>');
    expect(join(fill('<0xE5>[MASK]', [word('<0x8C><0x97>')]))).toBe('<0xE5><0x8C><0x97>');
  });
  it('takes the blanks before a word that joins', () => {
    expect(join(fill('It is [MASK].', [word('Paris')]))).toBe('It is Paris.');
    expect(join(fill('It is [MASK]ing.', [word('walk', true)]))).toBe('It iswalking.');
    expect(join(fill('[MASK] is it, ([MASK])', [word('Paris'), word(' a')]))).toBe('Paris is it, ( a)');
    expect(join(fill('a [MASK] [MASK]', [word('b'), word('c', true)]))).toBe('a bc');
    expect(join(fill('a [MASK]', [undefined]))).toBe('a [MASK]');
  });

  it('joins word pieces to the word before', () =>
    expect(join(fill('walk [MASK].', [word('ing', true)]))).toBe('walking.'));
});

describe('bestCombinations', () => {
  const masks = [
    [
      { token_str: 'a', score: 0.6 },
      { token_str: 'b', score: 0.3 },
    ],
    [
      { token_str: 'x', score: 0.5 },
      { token_str: 'y', score: 0.4 },
    ],
  ];
  it('ranks by the product', () => {
    expect(bestCombinations(masks, 3).map(({ fills }) => fills.map(({ token_str }) => token_str).join(''))).toEqual([
      'ax',
      'ay',
      'bx',
    ]);
  });
  it('of no masks is none', () => expect(bestCombinations([], 3)).toEqual([]));
});

it('counts masks', () => expect(countMasks('[MASK] a [MASK]')).toBe(2));

describe('what people write for a gap', () => {
  for (const [typed, taken] of [
    ['The cat ___ on the mat.', 'The cat [MASK] on the mat.'],
    ['The __ sat, and the ________.', 'The [MASK] sat, and the [MASK].'],
    ['A ___-year-old (___), “___”!', 'A [MASK]-year-old ([MASK]), “[MASK]”!'],
    ['The [mask], <mask>, <MASK> and [ Mask ].', 'The [MASK], [MASK], [MASK] and [MASK].'],
    ['החתול ___ על המיטה', 'החתול [MASK] על המיטה'],
    ['猫は ＿＿ です', '猫は [MASK] です'],
    // Lines within words are none, nor is a single one.
    ['__init__ and snake_case, a_b, x _ y, un__able', '__init__ and snake_case, a_b, x _ y, un__able'],
    ['The [MASK] sat.', 'The [MASK] sat.'],
  ])
    test(typed!, () => expect(withMasks(typed!)).toBe(taken));
});

test('a text runs as its first letter that is no mask’s', () => {
  expect(['[MASK] is red', 'אני אוהב', '[MASK] أحب', '12 [MASK]', '(שלום) hello'].map(direction)).toEqual([
    'ltr',
    'rtl',
    'rtl',
    'ltr',
    'rtl',
  ]);
});
