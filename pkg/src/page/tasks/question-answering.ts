/** Extractive question answering. */
import { LIMITS, type AnswerResult } from '../../border/core.js';
import { ClozeError, invalidOption } from '../../border/errors.js';
import type { QuestionAnsweringOptions, QuestionAnsweringOutput, QuestionAnswers } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import { each, type PipelineBase, type TaskRunner } from './base.js';
import { numbers, optionalBoolean, present, requireString } from './options.js';

/**
 * Finds the answers to a question in the words of a text. A text longer than the model reads at once is read in windows
 * that overlap by `doc_stride` tokens.
 *
 * @example
 * ```ts
 * const answer = await pipeline('question-answering', 'distilbert/distilbert-base-cased-distilled-squad');
 * const { answer: text, start, end } = await answer('Who built it?', 'The tower was built by Gustave Eiffel.');
 * ```
 */
export interface QuestionAnsweringPipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'question-answering';
  /**
   * The best answer, or with `top_k` above 1 a list, best first. With `handle_impossible_answer` the empty answer is one of
   * them.
   *
   * Rejects with `empty_input`, `input_too_long`.
   */
  <const K extends number = 1>(
    question: string,
    context: string,
    options?: QuestionAnsweringOptions<K>,
  ): Promise<QuestionAnswers<K>>;
  /** The same of several questions, about one text or each about its own. */
  <const K extends number = 1>(
    questions: readonly string[],
    context: string | readonly string[],
    options?: QuestionAnsweringOptions<K>,
  ): Promise<QuestionAnswers<K>[]>;
  /** As the call, but always a list; and how much was read, in how many windows. */
  predict(question: string, context: string, options?: QuestionAnsweringOptions): Promise<AnswerResult>;
}

/** Makes the pipeline. */
export function questionAnswering(runner: TaskRunner): QuestionAnsweringPipeline {
  async function predict(question: string, context: string, asked?: QuestionAnsweringOptions): Promise<AnswerResult> {
    const { signal, replace, on_window, ...query } = given('question-answering', asked);
    const { handle_impossible_answer, align_to_words } = query;
    const options = {
      ...numbers(LIMITS['question-answering'], query),
      ...present({
        handle_impossible_answer: optionalBoolean('handle_impossible_answer', handle_impossible_answer),
        align_to_words: optionalBoolean('align_to_words', align_to_words),
      }),
    };
    const params = {
      question: requireString('question', question),
      context: requireString('context', context),
      options,
    };
    const result = await runner.call('answer_question', params, present({ signal, replace }), ({ index, windows }) =>
      on_window?.({ index, windows }),
    );
    // A context of nothing but characters that a tokenizer drops, such as U+200B.
    if (result.answers.length === 0)
      throw new ClozeError('empty_input', optionErrors.nothingToRead('context'), { input: 'context' });
    return result;
  }

  async function one([question, context]: [string, string], options: QuestionAnsweringOptions): Promise<unknown> {
    const { answers, null_score } = await predict(question, context, options);
    const found: QuestionAnsweringOutput[] = answers.map((answer) => ({ ...answer, null_score }));
    return (options.top_k ?? 1) === 1 ? found[0] : found;
  }

  async function call(
    question: string | readonly string[],
    context: string | readonly string[],
    asked?: QuestionAnsweringOptions,
  ): Promise<unknown> {
    const options = given('question-answering', asked);
    if (!Array.isArray(question)) return one([question as string, context as string], options);
    if (Array.isArray(context) && context.length !== question.length)
      throw invalidOption('context', optionErrors.notAsMany(context.length, question.length));
    const pairs = question.map((text: string, index): [string, string] => [
      text,
      Array.isArray(context) ? (context[index] as string) : (context as string),
    ]);
    return each(pairs, options, one);
  }

  return runner.pipeline('question-answering', call as QuestionAnsweringPipeline, { predict });
}
