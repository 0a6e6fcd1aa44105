/** A call that was heard, as it stands in a file. */
import type {
  AnswerResult,
  ClassificationResult,
  FillMaskOutput,
  TextPrediction,
  TextGenerationOutput,
} from '../../index.js';
import type { HeardCall } from './recording.js';

/** A call of a pipeline: what `pipeline(task)` was called with, and what it returned. */
export interface RecordedCall {
  readonly task: string;
  /** What the call was given, as one value. */
  readonly input: unknown;
  /** Its options, without those that change no result. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the call returned, without times. */
  readonly result: unknown;
}

type Options = Readonly<Record<string, unknown>>;

/** What tasks are given that take two texts. */
const INPUTS: Readonly<Record<string, (args: readonly unknown[]) => { input: unknown; options: unknown }>> = {
  'next-sentence-prediction': ([a, b, options]) => ({ input: { a, b }, options }),
  'question-answering': ([question, context, options]) => ({ input: { question, context }, options }),
};

const plainInput = ([input, options]: readonly unknown[]): { input: unknown; options: unknown } => ({ input, options });

/** What the call returns where `predict` returns more. */
const OF_PREDICT: Readonly<Record<string, (result: never) => unknown>> = {
  'fill-mask': ({ masks }: TextPrediction) => {
    const lists = masks.map(({ start, end, candidates }) =>
      candidates.map(({ score, token, token_str, sequence }): FillMaskOutput => {
        return { score, token, token_str, sequence, start, end };
      }),
    );
    return lists.length === 1 ? lists[0] : lists;
  },
  'question-answering': ({ answers, null_score }: AnswerResult) => answers.map((one) => ({ ...one, null_score })),
  'text-classification': ({ labels }: ClassificationResult) => labels,
};

/** What was asked, and what came of it. */
export function recorded({ task, args, returned, ofPredict }: HeardCall): RecordedCall {
  const { input, options } = (INPUTS[task] ?? plainInput)(args);
  return { task, input, ...saved(task, (options ?? {}) as Options, returned, ofPredict) };
}

function saved(
  task: string,
  given: Options,
  returned: unknown,
  ofPredict: boolean,
): Omit<RecordedCall, 'task' | 'input'> {
  const options = Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => !['signal', 'replace'].includes(name) && value !== undefined && typeof value !== 'function',
    ),
  );
  const result = ofPredict ? OF_PREDICT[task]!(returned as never) : returned;
  if (!isWritten(result)) return { options, result: onlyOne(task, options, result) };
  // The seed may have been drawn.
  const seed = result[0]!.seed;
  return { options: { ...options, seed }, result: result.map(({ timing: _, ...others }) => others) };
}

/** One answer is no list. */
const onlyOne = (task: string, { top_k = 1 }: Options, result: unknown): unknown =>
  task === 'question-answering' && top_k === 1 && Array.isArray(result) ? (result as unknown[])[0] : result;

const isWritten = (result: unknown): result is readonly TextGenerationOutput[] =>
  Array.isArray(result) && typeof result[0] === 'object' && result[0] !== null && 'timing' in result[0];
