/** What the Answer screen asks of the model, and what comes of it. */
import { html, type TemplateResult } from 'lit';
import type { Answer, AnswerResult, QuestionAnsweringPipeline, WindowProgress } from '../../index.js';
import { answerWords } from '../../words/screens/answer.js';
import { percent } from '../format.js';
import { papers } from '../papers.js';
import { passage } from '../widgets/passage.js';
import { apart, barTable, help, measured } from '../widgets/parts.js';
import { answerSchema, type AnswerState } from './schema.js';

const say = answerWords;

/** A result of the Answer screen. */
export interface AnswerScreenResult extends AnswerResult {
  readonly question: string;
  /** The text in which the answers stand. */
  readonly context: string;
  readonly ms: number;
}

/** Answers the question that is typed. */
export async function find(
  pipe: QuestionAnsweringPipeline,
  { question, context, doc_stride, ...settings }: AnswerState,
  signal: AbortSignal,
  on_window: (progress: WindowProgress) => void,
): Promise<AnswerScreenResult> {
  const start = performance.now();
  // A model that reads little takes a smaller overlap, unless one is asked for.
  const overlap = doc_stride === answerSchema.doc_stride.default ? {} : { doc_stride };
  const result = await pipe.predict(question, context, { ...settings, ...overlap, signal, replace: true, on_window });
  return { question, context, ...result, ms: performance.now() - start };
}

/** An answer in words; the empty one is that there is none. */
export const wording = ({ answer }: Answer): string => (answer === '' ? say.noAnswer : answer);

/** The best answer, the others, and where the `chosen` one stands. */
export function renderAnswers(
  { answers, null_score, context }: AnswerScreenResult,
  chosen: number,
  choose: (index: number) => void,
): TemplateResult {
  const best = answers[0];
  const marked = answers[chosen];
  const list = answers.map((answer, index) => ({
    label: html`<span class="phrase">${wording(answer)}</span>${placeOf(answer)}`,
    score: answer.score,
    chosen: index === chosen,
  }));
  return html`<div class="field">
      <p class="verdict sentence" id="best" dir="auto">${best ? wording(best) : say.noAnswer}</p>
    </div>
    ${answers.length > 0 ? barTable({ caption: say.best, of: say.answer, rows: list, choose }) : ''}
    <div class="field extra">
      <div class="beside" id="null">
        <span>${say.null} ${help({ term: say.noAnswer, text: say.nullAbout }, papers.squad2)}</span>
        ${measured(null_score)}
      </div>
    </div>
    <div class="field extra">
      <h4>${say.inTheText}</h4>
      ${passage(context, marked && marked.end > marked.start ? [marked] : [], say.inTheText)}
    </div>`;
}

const placeOf = ({ start, end }: Answer): TemplateResult | string =>
  end > start ? html`<span class="small muted place">${apart(say.place(start, end))}</span>` : '';

/** The answers as lines of text: percent, answer, place. */
export const linesOf = ({ question, answers }: AnswerScreenResult): string =>
  [question, ...answers.map((one) => `${percent(one.score)}\t${wording(one)}\t${one.start}–${one.end}`)].join('\n');
