/** What the parts of the view begin with: sentences that suit the text. They are the reader's to change. */
import type { TextName } from '../../../training/data.js';

/** For one text. */
export interface Starts {
  readonly prompt: string;
  readonly probe: string;
  /** With two marks, whose words depend on each other. */
  readonly double: string;
  readonly sentence: string;
  readonly pair: readonly [string, string];
  /** Two sentences with one word. */
  readonly contexts: readonly [string, string];
  readonly word: string;
}

/** For the page's own texts. */
const OWN: Readonly<Record<TextName, Starts>> = {
  grimm: {
    prompt: 'Once upon a time',
    probe: 'The king had a [MASK] who was very beautiful.',
    double: 'The [MASK] and the [MASK] had a daughter.',
    sentence: 'The king said to his daughter, go with him into the forest.',
    pair: ['The king had a daughter.', 'She was so beautiful that the sun itself was astonished.'],
    contexts: ['She went to the well to draw water.', 'I know that very well, said the wolf.'],
    word: 'well',
  },
  oz: {
    prompt: 'Dorothy looked at',
    probe: 'The Scarecrow and the [MASK] walked along the road.',
    double: 'The Tin [MASK] and the Cowardly [MASK] walked on.',
    sentence: 'The Scarecrow said to Dorothy that he would go with her to the great Oz.',
    pair: ['Dorothy lived in the midst of the great Kansas prairies.', 'Their house was small.'],
    contexts: ['The Lion looked like a big dog.', 'I should like to see the great Oz.'],
    word: 'like',
  },
  countries: {
    prompt: 'The country is',
    probe: 'The climate of the country is [MASK] in the north.',
    double: 'The [MASK] became independent from [MASK] in the year.',
    sentence: 'The country became independent of France, and its economy depends on oil.',
    pair: ['The country became independent in 1960.', 'Its first president ruled until 1980.'],
    contexts: ['The head of state is the president.', 'The state of the economy is poor.'],
    word: 'state',
  },
};

/** What suits a text: what is known of the page's own, else its own first sentences. */
export function startsOf(text: string, own: TextName | undefined): Starts {
  if (own) return OWN[own];
  const sentences = text
    .slice(0, 5000)
    .split(/(?<=[.!?。！？])\s+|\n+/u)
    .map((one) => one.trim())
    .filter((one) => /\S\s+\S+\s+\S/u.test(one) && one.length < 300);
  const [first = text.slice(0, 60), second = first] = sentences;
  const words = first.split(/\s+/u);
  const middle = Math.floor(words.length / 2);
  const word = words.find((one) => second.split(/\s+/u).includes(one)) ?? words[0] ?? '';
  return {
    prompt: words.slice(0, 3).join(' '),
    probe: [...words.slice(0, middle), '[MASK]', ...words.slice(middle + 1)].join(' '),
    double: [...words.slice(0, middle), '[MASK]', '[MASK]', ...words.slice(middle + 2)].join(' '),
    // What a short context holds.
    sentence: words.slice(0, 12).join(' '),
    pair: [first, second],
    contexts: [first, second],
    word: word.replace(/[^\p{L}\p{N}]/gu, ''),
  };
}
