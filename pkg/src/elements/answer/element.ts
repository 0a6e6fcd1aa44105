/** `<cloze-answer>`: a fine-tuned model marks where in a text the answer to a question stands. */
import { html, type CSSResultGroup, type TemplateResult } from 'lit';
import { pipeline, type Answer, type QuestionAnsweringPipeline } from '../../index.js';
import { words } from '../../words/index.js';
import { answerWords } from '../../words/screens/answer.js';
import type { Problem } from '../controllers/problem.js';
import { ScreenController } from '../controllers/screen.js';
import type { Fact } from '../controllers/screen-parts.js';
import { count, milliseconds, percent } from '../format.js';
import { papers } from '../papers.js';
import { screenElement } from '../screen-element.js';
import { screen } from '../styles/index.js';
import { quoted } from '../styles/quoted.js';
import { renderAnswer } from '../widgets/answer.js';
import { invitationFor } from '../widgets/invitation.js';
import { emptyState, help, readingFacts, textBox } from '../widgets/parts.js';
import { showMark } from '../widgets/passage.js';
import { EXAMPLES } from './examples.js';
import { find, linesOf, renderAnswers, wording, type AnswerScreenResult } from './result.js';
import { answerSchema, type AnswerState } from './schema.js';
import { renderSettings } from './settings.js';

const say = answerWords;

/**
 * Answers questions from a text. Its events are those of {@link ScreenController}.
 *
 * @attr {string} question - what is asked
 * @attr {string} context - the text in which the answer stands
 * @attr {number} top-k - how many answers are listed
 * @slot heading - in the place of the heading
 * @slot about - in the place of the explanation
 * @slot empty - where the result will be
 * @slot footer - below all
 * @csspart base - all of it
 * @csspart input - a box for text
 * @csspart label - its label
 * @csspart button - the button that runs it
 * @csspart status - what is being done
 * @csspart results - where the result stands
 * @csspart bars - a table of probabilities
 * @csspart bar - a bar in it
 * @csspart problem - what went wrong
 */
export class ClozeAnswer extends screenElement<AnswerState, QuestionAnsweringPipeline, AnswerScreenResult>(
  answerSchema,
) {
  static override styles: CSSResultGroup = [screen, quoted];

  /** Which answer is marked in the text. */
  #chosen = 0;
  /** The answer whose mark was brought into sight. */
  #inSight: Answer | undefined;

  protected override readonly screen: ScreenController<AnswerState, QuestionAnsweringPipeline, AnswerScreenResult> =
    new ScreenController(
      this,
      { task: 'answer', schema: answerSchema },
      {
        examples: () => EXAMPLES,
        title: () => words.labels.answer,
        invitation: () => invitationFor('qa', say.needs, [say.offers.squad, say.offers.squad2]),
        verb: () => say.verb,
        doing: () => say.doing,
        open: (options) => pipeline('question-answering', this.model, options),
        check: () => check(this.screen.current),
        placeOf,
        perform: (pipe, signal) => this.#perform(pipe, signal),
        summary: ({ answers: [best], ms }) => say.answered(wording(best!), percent(best!.score), milliseconds(ms)),
        copyable: () => this.screen.result && linesOf(this.screen.result),
        facts: () => this.#facts(),
        renderAbout,
        renderInput: () => this.#renderInput(),
        renderSettings: () => renderSettings(this.screen.link),
        renderResults: () => {
          const { question, context } = this.screen.current;
          return renderAnswer(this.screen, `${question}\n${context}`, this.#renderResults());
        },
      },
    );

  protected override updated(): void {
    const marked = this.screen.result?.answers[this.#chosen];
    if (marked === this.#inSight) return;
    this.#inSight = marked;
    showMark(this.renderRoot);
  }

  async #perform(pipe: QuestionAnsweringPipeline, signal: AbortSignal): Promise<AnswerScreenResult> {
    const result = await find(pipe, this.screen.current, signal, ({ index, windows }) => {
      if (windows > 1) this.screen.announce(say.window(index + 1, windows));
    });
    this.#chosen = 0;
    return result;
  }

  readonly #choose = (index: number): void => {
    this.#chosen = index;
    const answer = this.screen.result!.answers[index]!;
    this.screen.announce(say.chosen(wording(answer), percent(answer.score)));
  };

  #facts(): readonly Fact[] {
    const { result, answerer } = this.screen;
    if (!result || !answerer) return [];
    const { ms, tokens, windows } = result;
    const amount = windows > 1 ? say.readIn(count(tokens, 'token'), count(windows, 'window')) : undefined;
    return readingFacts(answerer, ms, tokens, amount);
  }

  #renderInput(): TemplateResult {
    return html`${this.#renderBox('question', say.question, 2)} ${this.#renderBox('context', say.context, 9)}`;
  }

  #renderBox(key: 'question' | 'context', label: string, rows: number): TemplateResult {
    const { link, problem } = this.screen;
    return textBox({
      id: key,
      label,
      rows,
      value: link.current[key],
      problem: problem.at(key),
      change: (text) => link.change({ [key]: text }),
    });
  }

  #renderResults(): TemplateResult {
    const { result } = this.screen;
    return result ? renderAnswers(result, this.#chosen, this.#choose) : emptyState(say.empty);
  }
}

function check({ question, context }: AnswerState): Problem | undefined {
  const empty = (at: string, message: string): Problem => ({ at, code: 'empty_input', message });
  if (question.trim() === '') return empty('question', say.noQuestion);
  return context.trim() === '' ? empty('context', say.noContext) : undefined;
}

function placeOf(code: string, { input }: Readonly<Record<string, unknown>>): string {
  if (!['empty_input', 'input_too_long', 'token_beyond_model'].includes(code)) return 'run';
  return input === 'question' ? 'question' : 'context';
}

const renderAbout = (): TemplateResult => html`<p>${say.about} ${help(say.help, papers.bert)}</p>`;
