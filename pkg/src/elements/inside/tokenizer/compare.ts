/** The tokenizers that are compared, and what each makes of a text. */
import {
  openTokenizer,
  type DefaultTokenizer,
  type TextTokenizer,
  type TokenInfo,
  type Tokenization,
} from '../../../index.js';
import { untilAborted } from '../../../page/abort.js';
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

/** Each is opened once, and kept for as long as an element may ask it again: it takes little room. */
const opened = new Map<string, Promise<TextTokenizer>>();

function open(id: DefaultTokenizer, build: Asked['build'], tell: () => void): Promise<TextTokenizer> {
  const key = `${id} ${build}`;
  let opening = opened.get(key);
  if (!opening) {
    tell();
    opening = openTokenizer(undefined, { default_tokenizer: id, ...(build && { build }) });
    opened.set(key, opening);
    // What could not be fetched is tried anew the next time.
    opening.catch(() => opened.delete(key));
  }
  return opening;
}

/** Ends their workers. */
export function release(): void {
  for (const opening of opened.values())
    opening.then(
      (tokenizer) => tokenizer.dispose(),
      () => undefined,
    );
  opened.clear();
}

/** Cuts the text with each tokenizer; one that cannot be opened does not keep the others from it. */
export async function compare(
  { state: { text }, chosen, model, signal, build, tell }: Asked,
  say: (id: DefaultTokenizer) => string,
): Promise<TokenizerResult> {
  const cuts: (Cut | NotCut)[] = await Promise.all(
    OWN.map(async (id) => {
      try {
        // Another run may wait for the same one: the fetch goes on.
        const tokenizer = await untilAborted(
          open(id, build, () => tell(say(id))),
          signal,
        );
        const cutting = Promise.all([tokenizer.tokenize(text), tokenizer.steps(text)]);
        const [tokens, tokenization] = await untilAborted(cutting, signal);
        return { id, tokens, tokenization };
      } catch (error) {
        if (isStop(error)) throw error;
        return { id, problem: problemText(error) };
      }
    }),
  );
  if (!isOwn(chosen)) cuts.push(await cutBy(model(chosen), text, signal));
  return { text, cuts };
}

/** The tokenizer of a model that is loaded. */
async function cutBy(model: InsideModel, text: string, signal: AbortSignal): Promise<Cut> {
  const { tokenize, tokenization_steps } = model.inspect;
  const tokens = (await tokenize(text, { signal })).filter(({ special }) => !special);
  return { id: 'given', model: model.name, tokens, tokenization: await tokenization_steps(text, { signal }) };
}
