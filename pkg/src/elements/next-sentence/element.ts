/** `<cloze-next-sentence>`: BERT judges whether one sentence follows another. */
import { html, LitElement, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import { pipeline, type ModelArgument, type NextSentencePipeline, type PipelineOptions } from '../../index.js';
import { words } from '../../words/index.js';
import type { Problem } from '../controllers/problem.js';
import { ScreenController, screenProperties, type Fact } from '../controllers/screen.js';
import { examplesOf } from '../examples.js';
import { count, milliseconds, percent } from '../format.js';
import { papers } from '../papers.js';
import { screen } from '../styles/index.js';
import { renderAnswer } from '../widgets/answer.js';
import { renderScreen } from '../widgets/frame.js';
import { emptyState, help, readingFacts, textBox } from '../widgets/parts.js';
import { compare, renderOne, renderRanked, type NextSentenceResult } from './result.js';
import { nextSentenceSchema, type NextSentenceState } from './schema.js';
import { styles } from './styles.js';

const say = words.nextSentence;

const EXAMPLES = examplesOf<NextSentenceState, 'next-sentence'>('next-sentence', say.examples);

/** Compares sentences that may follow another. Its events are those of {@link ScreenController}. */
export class ClozeNextSentence extends LitElement {
  static override properties: PropertyDeclarations = screenProperties;
  static override styles: CSSResultGroup = [screen, styles];

  declare model: ModelArgument;
  declare modelName: string | undefined;
  declare token: string | undefined;
  declare dtype: PipelineOptions['dtype'];
  declare build: PipelineOptions['build'];
  declare threads: number | undefined;
  declare autorun: boolean;
  declare shareUrl: (() => string) | undefined;

  readonly #screen: ScreenController<NextSentenceState, NextSentencePipeline, NextSentenceResult> =
    new ScreenController(
      this,
      { task: 'next-sentence', schema: nextSentenceSchema },
      {
        examples: () => EXAMPLES,
        verb: () => say.verb,
        doing: () => say.doing,
        open: (options) => pipeline('next-sentence-prediction', this.model, options),
        check: () => check(this.#screen.current),
        placeOf: (code) => (['empty_input', 'input_too_long', 'token_beyond_model'].includes(code) ? 'b' : 'run'),
        perform: (pipe, signal) => compare(pipe, this.#screen.current, signal),
        summary,
        copyable: () => copyable(this.#screen.result),
        facts: () => this.#facts(),
        renderAbout,
        renderInput: () => this.#renderInput(),
        renderResults: () => {
          const { a, b, candidates } = this.#screen.current;
          return renderAnswer(this.#screen, [a, b, ...candidates].join('\n'), this.#renderResults());
        },
      },
    );

  constructor() {
    super();
    this.autorun = false;
  }

  /** Everything typed and set, as plain JSON. Setting merges the keys; throws on those that do not exist, and values it cannot use. */
  get state(): NextSentenceState {
    return this.#screen.link.state;
  }
  set state(given: Partial<NextSentenceState>) {
    this.#screen.link.merge(given);
  }

  /** The state with what a run chose itself, so that it reproduces the result that is shown. */
  get shareState(): NextSentenceState {
    return this.state;
  }

  /** Loads the model if it is not there yet. */
  load(): Promise<void> {
    return this.#screen.load();
  }

  /** Does the task with what is typed; a run that is under way is replaced. Resolves with the result, if there is one. */
  run(): Promise<NextSentenceResult | undefined> {
    return this.#screen.run();
  }

  /** Stops the run, and the loading of the model if that is what it waits for. */
  stop(): void {
    this.#screen.stop();
  }

  protected override render(): TemplateResult {
    return renderScreen(this.#screen);
  }

  #facts(): readonly Fact[] {
    const { result, answerer } = this.#screen;
    if (!result || !answerer) return [];
    return readingFacts(answerer, result.ms, result.tokens);
  }

  #renderInput(): TemplateResult {
    const { candidates } = this.#screen.current;
    const full = candidates.length >= nextSentenceSchema.candidates.most;
    return html`${this.#renderBox('a', say.a)}
      <div class="between">
        <button type="button" id="swap" class="quiet" @click=${this.#swap}>
          <span aria-hidden="true">⇅</span> ${say.swap}
        </button>
      </div>
      ${this.#renderBox('b', say.b)} ${candidates.map((candidate, index) => this.#renderCandidate(candidate, index))}
      <div class="row">
        <button type="button" id="add" ?disabled=${full} @click=${this.#add}>${say.add}</button>
        <span class="small muted">${say.addAbout}</span>
      </div>`;
  }

  #renderBox(key: 'a' | 'b', label: string): TemplateResult {
    const { link, problem } = this.#screen;
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
      problem: this.#screen.problem.at(id),
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
    const { candidates } = this.#screen.current;
    this.#screen.link.change({ candidates: candidates.map((other, at) => (at === index ? text : other)) });
  }

  readonly #add = async (): Promise<void> => {
    const candidates = [...this.#screen.current.candidates, ''];
    this.#screen.link.change({ candidates });
    await this.updateComplete;
    this.#screen.focus(`candidate-${candidates.length + 1}`);
  };

  async #remove(index: number): Promise<void> {
    const { candidates } = this.#screen.current;
    this.#screen.link.change({ candidates: candidates.filter((_, at) => at !== index) });
    await this.updateComplete;
    this.#screen.focus('add');
  }

  readonly #swap = (): void => {
    const { a, b } = this.#screen.current;
    this.#screen.link.change({ a: b, b: a });
    if (this.#screen.result) void this.run();
  };

  #renderResults(): TemplateResult {
    const { result } = this.#screen;
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
  html`<h2>${words.labels['next-sentence']}</h2>
    <p>${say.about} ${help(say.help, papers.bert)}</p>
    <p class="small muted">${say.own}</p>`;
