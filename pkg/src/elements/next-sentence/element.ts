/** `<cloze-next-sentence>`: BERT judges whether one sentence follows another. */
import { html, type CSSResultGroup, type TemplateResult } from 'lit';
import { pipeline, type NextSentencePipeline } from '../../index.js';
import { words } from '../../words/index.js';
import { nextSentenceWords } from '../../words/screens/next-sentence.js';
import type { Problem } from '../controllers/problem.js';
import { ScreenController } from '../controllers/screen.js';
import type { Fact } from '../controllers/screen-parts.js';
import { examplesOf } from '../examples.js';
import { count, milliseconds, percent } from '../format.js';
import { papers } from '../papers.js';
import { screenElement } from '../screen-element.js';
import { screen } from '../styles/index.js';
import { renderAnswer } from '../widgets/answer.js';
import { emptyState, help, readingFacts, textBox } from '../widgets/parts.js';
import { compare, renderOne, renderRanked, type NextSentenceResult } from './result.js';
import { nextSentenceSchema, type NextSentenceState } from './schema.js';
import { styles } from './styles.js';

const say = nextSentenceWords;

const EXAMPLES = examplesOf<NextSentenceState, 'next-sentence'>('next-sentence', say.examples);

/**
 * Compares sentences that may follow another. Its events are those of {@link ScreenController}.
 *
 * @attr {string} a - the sentence that is followed
 * @attr {string} b - the sentence that may follow
 * @attr {string} candidates - further ones, as a JSON list
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
export class ClozeNextSentence extends screenElement<NextSentenceState, NextSentencePipeline, NextSentenceResult>(
  nextSentenceSchema,
) {
  static override styles: CSSResultGroup = [screen, styles];

  protected override readonly screen: ScreenController<NextSentenceState, NextSentencePipeline, NextSentenceResult> =
    new ScreenController(
      this,
      { task: 'next-sentence', schema: nextSentenceSchema },
      {
        examples: () => EXAMPLES,
        title: () => words.labels['next-sentence'],
        verb: () => say.verb,
        doing: () => say.doing,
        open: (options) => pipeline('next-sentence-prediction', this.model, options),
        check: () => check(this.screen.current),
        placeOf: (code) => (['empty_input', 'input_too_long', 'token_beyond_model'].includes(code) ? 'b' : 'run'),
        perform: (pipe, signal) => compare(pipe, this.screen.current, signal),
        summary,
        copyable: () => copyable(this.screen.result),
        facts: () => this.#facts(),
        renderAbout,
        renderInput: () => this.#renderInput(),
        renderResults: () => {
          const { a, b, candidates } = this.screen.current;
          return renderAnswer(this.screen, [a, b, ...candidates].join('\n'), this.#renderResults());
        },
      },
    );

  #facts(): readonly Fact[] {
    const { result, answerer } = this.screen;
    if (!result || !answerer) return [];
    return readingFacts(answerer, result.ms, result.tokens);
  }

  #renderInput(): TemplateResult {
    const { candidates } = this.screen.current;
    const full = candidates.length >= nextSentenceSchema.candidates.most;
    return html`${this.#renderBox('a', say.a)}
      <div class="between extra">
        <button type="button" id="swap" class="quiet" @click=${this.#swap}>
          <span aria-hidden="true">⇅</span> ${say.swap}
        </button>
      </div>
      ${this.#renderBox('b', say.b)} ${candidates.map((candidate, index) => this.#renderCandidate(candidate, index))}
      <div class="row extra">
        <button type="button" id="add" ?disabled=${full} @click=${this.#add}>${say.add}</button>
        <span class="small muted hint">${say.addAbout}</span>
      </div>`;
  }

  #renderBox(key: 'a' | 'b', label: string): TemplateResult {
    const { link, problem } = this.screen;
    return textBox({
      id: key,
      label,
      rows: 2,
      value: link.current[key],
      problem: problem.at(key),
      change: (text) => link.change({ [key]: text }),
    });
  }

  #renderCandidate(candidate: string, index: number): TemplateResult {
    const number = index + 2;
    const id = `candidate-${number}`;
    return textBox({
      id,
      label: say.candidate(number),
      rows: 2,
      value: candidate,
      problem: this.screen.problem.at(id),
      change: (text) => this.#setCandidate(index, text),
      beside: html`<button
        type="button"
        class="quiet"
        aria-label=${say.removeCandidate(number)}
        @click=${() => void this.#remove(index)}
      >
        ✕
      </button>`,
    });
  }

  #setCandidate(index: number, text: string): void {
    const { candidates } = this.screen.current;
    this.screen.link.change({ candidates: candidates.map((other, at) => (at === index ? text : other)) });
  }

  readonly #add = async (): Promise<void> => {
    const candidates = [...this.screen.current.candidates, ''];
    this.screen.link.change({ candidates });
    await this.updateComplete;
    this.screen.focus(`candidate-${candidates.length + 1}`);
  };

  async #remove(index: number): Promise<void> {
    const { candidates } = this.screen.current;
    this.screen.link.change({ candidates: candidates.filter((_, at) => at !== index) });
    await this.updateComplete;
    this.screen.focus('add');
  }

  readonly #swap = (): void => {
    const { a, b } = this.screen.current;
    this.screen.link.change({ a: b, b: a });
    if (this.screen.result) void this.run();
  };

  #renderResults(): TemplateResult {
    const { result } = this.screen;
    if (!result) return emptyState(say.empty);
    return result.ranked.length === 1 ? renderOne(result) : renderRanked(result);
  }
}

function check({ a, b, candidates }: NextSentenceState): Problem | undefined {
  const empty = (at: string, message: string): Problem => ({ at, code: 'empty_input', message });
  if (a.trim() === '') return empty('a', say.noA);
  if (b.trim() === '') return empty('b', say.noB);
  const index = candidates.findIndex((candidate) => candidate.trim() === '');
  return index < 0 ? undefined : empty(`candidate-${index + 2}`, say.noCandidate);
}

function summary({ ranked, ms }: NextSentenceResult): string {
  const best = ranked[0]!;
  const time = milliseconds(ms);
  const probability = percent(best.is_next);
  return ranked.length > 1
    ? say.ranked(count(ranked.length, 'sentence'), time, best.sentence, probability)
    : say.answered(time, probability);
}

const copyable = (result: NextSentenceResult | undefined): string | undefined =>
  result && [result.a, ...result.ranked.map((one) => `${percent(one.is_next)}\t${one.sentence}`)].join('\n');

const renderAbout = (): TemplateResult =>
  html`<p>${say.about} ${help(say.help, papers.bert)}</p>
    <p class="small muted">${say.own}</p>`;
