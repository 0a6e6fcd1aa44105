/**
 * Examples for models that have read Chinese, such as bert-base-chinese. None comes with the package, and the one that does
 * would answer them wrongly: they are offered once such a model is there, in the place of the English ones.
 */
import type { FillMaskPipeline, TokenInfo } from '../../index.js';
import { chineseExampleWords } from '../../words/screens/chinese-examples.js';
import type { Example } from '../controllers/beginning.js';
import type { FillMaskState } from './schema.js';

const say = chineseExampleWords;

/** Characters that only simplified Chinese has: no Japanese vocabulary knows all of them. */
const PROBE = '我们这里说话东门车长';
/** How many tokens of the vocabulary are looked at, and how many of them have a Chinese character where it is Chinese. */
const SAMPLE = 64;
const MANY = SAMPLE / 3;

/** In the order of their chips. The words asked for have two characters, and a token is one. */
export const CHINESE_EXAMPLES: readonly Example<FillMaskState>[] = [
  {
    get name() {
      return say.capital;
    },
    state: { text: '中国的首都是[MASK][MASK]。', joint: 'left-to-right' },
  },
  {
    get name() {
      return say.country;
    },
    state: { text: '巴黎是[MASK]国的首都。' },
  },
  {
    get name() {
      return say.weather;
    },
    state: { text: '今天[MASK]气不错，[MASK]情很好。' },
  },
  {
    get name() {
      return say.compare;
    },
    state: { text: '护士说[MASK]很累。', targets: '他, 她' },
  },
];

/** Whether the vocabulary is a Chinese one: by a sample of it as text, and by the tokens of {@link PROBE}. */
export function isChinese(sample: string, probe: readonly TokenInfo[]): boolean {
  const tokens = probe.filter(({ special }) => !special);
  // An unknown character is the same token as any other; bytes of characters are more tokens than characters.
  const known = new Set(tokens.map(({ id }) => id)).size === PROBE.length && tokens.length === PROBE.length;
  return known && (sample.match(/\p{Script=Han}/gu) ?? []).length > MANY;
}

/** The examples for a model; undefined where those in English suit it no less. */
export async function examplesFor(pipe: FillMaskPipeline): Promise<readonly Example<FillMaskState>[] | undefined> {
  const { vocab_size } = pipe.info;
  const ids = Array.from({ length: SAMPLE }, (_, at) => Math.floor(((at + 0.5) * vocab_size) / SAMPLE));
  const [sample, probe] = await Promise.all([pipe.tokenizer.decode(ids), pipe.tokenize(PROBE)]);
  return isChinese(sample, probe) ? CHINESE_EXAMPLES : undefined;
}
