/** The tokenizers that are compared, and what each makes of a text. */
import {
  openTokenizer,
  type DefaultTokenizer,
  type TextTokenizer,
  type TokenInfo,
  type Tokenization,
} from '../../../index.js';
import { isStop, problemText } from '../../controllers/problem.js';
import type { Asked, InsideModel, ModelKey } from '../view.js';

/** What one tokenizer makes of a text. */
export interface Cut {
  readonly id: DefaultTokenizer | 'given';
  /** Of a model that the reader chose: its name. */
  readonly model?: string;
  readonly tokens: readonly TokenInfo[];
  readonly tokenization: Tokenization;
}

/** A tokenizer that could not be opened. */
export interface NotCut {
  readonly id: DefaultTokenizer;
  readonly problem: string;
}

/** What the view computes. */
export interface TokenizerResult {
  readonly text: string;
  readonly cuts: readonly (Cut | NotCut)[];
}

/** The tokenizers that come with the package, in the order of their columns. */
export const OWN: readonly DefaultTokenizer[] = ['bert', 'gpt', 'unigram'];

/** Whether a model is one of the package's own, whose tokenizer is compared anyway. */
export const isOwn = (key: ModelKey): boolean => key === 'bert' || key === 'gpt';

/** Each is opened once, and kept for as long as the page is open: it takes little room. */
const opened = new Map<DefaultTokenizer, Promise<TextTokenizer>>();

function open(id: DefaultTokenizer): Promise<TextTokenizer> {
  let opening = opened.get(id);
  if (!opening) {
    opening = openTokenizer(undefined, { default_tokenizer: id });
    opened.set(id, opening);
    // What could not be fetched is tried anew the next time.
    opening.catch(() => opened.delete(id));
  }
  return opening;
}

/** Cuts the text with each tokenizer; one that cannot be opened does not keep the others from it. */
export async function compare(
  { state: { text }, chosen, model, signal, tell }: Asked,
  say: (id: DefaultTokenizer) => string,
): Promise<TokenizerResult> {
  const cuts: (Cut | NotCut)[] = await Promise.all(
    OWN.map(async (id) => {
      try {
        if (!opened.has(id)) tell(say(id));
        const tokenizer = await open(id);
        const [tokens, tokenization] = await Promise.all([tokenizer.tokenize(text), tokenizer.steps(text)]);
        return { id, tokens, tokenization };
      } catch (error) {
        if (isStop(error)) throw error;
        return { id, problem: problemText(error) };
      }
    }),
  );
  signal.throwIfAborted();
  if (!isOwn(chosen)) cuts.push(await cutBy(model(chosen), text, signal));
  return { text, cuts };
}

/** The tokenizer of a model that is loaded. */
async function cutBy(model: InsideModel, text: string, signal: AbortSignal): Promise<Cut> {
  const { tokenize, tokenization_steps } = model.inspect;
  const tokens = (await tokenize(text, { signal })).filter(({ special }) => !special);
  return { id: 'given', model: model.name, tokens, tokenization: await tokenization_steps(text, { signal }) };
}
