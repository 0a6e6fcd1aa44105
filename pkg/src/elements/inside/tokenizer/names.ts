/** What the compared tokenizers are called. */
import { insideWords } from '../../../words/inside.js';
import type { Cut, NotCut } from './compare.js';

const say = insideWords.tokenizer;

/** The name of a tokenizer: its kind and whose it is. */
export function nameOf(cut: Cut | NotCut): string {
  if (cut.id !== 'given') return say.names[cut.id];
  const { kind, byte_level } = cut.tokenization;
  return say.names.given(kind === 'bpe' && byte_level ? say.kinds.byteBpe : say.kinds[kind], cut.model ?? '');
}

/** The hue of the model whose tokenizer it is; grey where it is of none. */
export const hueOf = ({ id }: Cut | NotCut): 'bert' | 'gpt' | 'none' => (id === 'bert' || id === 'gpt' ? id : 'none');
