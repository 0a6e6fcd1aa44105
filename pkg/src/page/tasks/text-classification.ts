/** Text classification. */
import { LIMITS } from '../../border/core.js';
import { invalidOption } from '../../border/errors.js';
import type {
  ClassificationResult,
  TextClassificationOptions,
  TextClassificationOutput,
  TextPair,
} from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import { each, type PipelineBase, type TaskRunner } from './base.js';
import { numbers, oneOf, present, requireString } from './options.js';

/**
 * Says which of its classes a model puts a text, or a pair of texts, into.
 *
 * @example
 * ```ts
 * const classify = await pipeline('text-classification', 'distilbert/distilbert-base-uncased-finetuned-sst-2-english');
 * const [{ label, score }] = await classify('A film to see twice.');
 * ```
 */
export interface TextClassificationPipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'text-classification';
  /** The best classes (`top_k`), best first; a list also for one. Rejects with `empty_input`, `input_too_long`. */
  (text: string | TextPair, options?: TextClassificationOptions): Promise<TextClassificationOutput[]>;
  /** The best class of each text; with `top_k` above 1, or `null`, a list for each. */
  <const K extends number | null = 1>(
    texts: readonly (string | TextPair)[],
    options?: TextClassificationOptions<K>,
  ): Promise<(K extends 1 ? TextClassificationOutput : TextClassificationOutput[])[]>;
  /** As the call with one text, and how many tokens were read. */
  predict(text: string | TextPair, options?: TextClassificationOptions): Promise<ClassificationResult>;
}

const FUNCTIONS = ['softmax', 'sigmoid', 'none'] as const;

/** Makes the pipeline. */
export function textClassification(runner: TaskRunner): TextClassificationPipeline {
  const classes = runner.loaded.info.labels?.length ?? 1;

  async function predict(input: string | TextPair, asked?: TextClassificationOptions): Promise<ClassificationResult> {
    const { signal, replace, top_k, function_to_apply } = given('text-classification', asked);
    const { text, text_pair } = asPair(input);
    const options = {
      ...numbers(LIMITS['text-classification'], { top_k: asked?.top_k === null ? classes : top_k }),
      ...present({ function_to_apply: oneOf('function_to_apply', function_to_apply, FUNCTIONS) }),
    };
    const params = { text, ...present({ pair: text_pair }), options };
    return runner.call('classify', params, present({ signal, replace }));
  }

  async function call(
    input: string | TextPair | readonly (string | TextPair)[],
    asked?: TextClassificationOptions,
  ): Promise<unknown> {
    const options: TextClassificationOptions = given('text-classification', asked);
    // `given` leaves out what is null; here that means all classes.
    if (asked?.top_k === null) options.top_k = null;
    const one = async (text: string | TextPair, how: TextClassificationOptions): Promise<TextClassificationOutput[]> =>
      (await predict(text, how)).labels;
    if (!isList(input)) return one(input, options);
    const lists = await each(input, options, one);
    return (options.top_k === undefined ? 1 : options.top_k) === 1 ? lists.map(([best]) => best) : lists;
  }

  return runner.pipeline('text-classification', call as TextClassificationPipeline, { predict });
}

const isList = (input: unknown): input is readonly (string | TextPair)[] => Array.isArray(input);

function asPair(input: string | TextPair): TextPair {
  if (typeof input !== 'object' || input === null) return { text: requireString('text', input) };
  const unknown = Object.keys(input).find((key) => key !== 'text' && key !== 'text_pair');
  if (unknown !== undefined || Array.isArray(input)) throw invalidOption('text', optionErrors.noPair);
  const { text, text_pair } = input;
  const second =
    text_pair === undefined || text_pair === null ? {} : { text_pair: requireString('text_pair', text_pair) };
  return { text: requireString('text', text), ...second };
}
