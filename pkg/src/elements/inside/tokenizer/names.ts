/** What the compared tokenizers are called. */
import { insideWords } from '../../../words/inside.js';
import type { Cut, NotCut } from './compare.js';

const say = insideWords.tokenizer;

/** What kind of tokenizer it is. */
export const kindOf = ({ tokenization: { kind, byte_level } }: Cut): string =>
  kind === 'bpe' && byte_level ? say.kinds.byteBpe : say.kinds[kind];

/** The name of a tokenizer: its kind and whose it is. */
export const nameOf = (cut: Cut | NotCut): string =>
  cut.id === 'given' ? say.names.given(kindOf(cut), cut.model ?? '') : say.names[cut.id];

/** The hue of the model whose tokenizer it is; grey where it is of none. */
export const hueOf = ({ id }: Cut | NotCut): 'bert' | 'gpt' | 'none' => (id === 'bert' || id === 'gpt' ? id : 'none');
