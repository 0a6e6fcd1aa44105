/** `<cloze-summarize>`: GPT-2 summarises because the text ends in `TL;DR:` (section 3.6 of its paper). */
import { html, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import {
  pipeline,
  type SummarizationOptions,
  type SummarizationOutput,
  type SummarizationPipeline,
} from '../../index.js';
import { words } from '../../words/index.js';
import { offerWords } from '../../words/screens/offer.js';
import { summarizeWords } from '../../words/screens/summarize.js';
import type { Problem } from '../controllers/problem.js';
import { Later } from '../controllers/later.js';
import { ScreenController } from '../controllers/screen.js';
import type { Fact, ModelOffer } from '../controllers/screen-parts.js';
import { WritingController } from '../controllers/writing.js';
import { toldExamples, withoutExample } from '../told-examples.js';
import told from './examples.json';
import { bytesShown, count } from '../format.js';
import { papers } from '../papers.js';
import { screenElement } from '../screen-element.js';
import { gptHue, screen } from '../styles/index.js';
import { writing } from '../styles/writing.js';
import { renderAnswer } from '../widgets/answer.js';
import { renderOffer } from '../widgets/offer.js';
import { emptyState, help, modelFacts, textBox } from '../widgets/parts.js';
import { renderWritten } from '../widgets/written.js';
import { renderNoBudget } from './no-budget.js';
import { PlanController } from './plan.js';
import { ASKED, CONTINUED, summarizeSchema, type Manner, type SummarizeState } from './schema.js';
import { styles } from './styles.js';

const say = summarizeWords;

/** A result of the TL;DR screen: the pipeline's. */
export type SummarizeResult = SummarizationOutput;

/** Texts' probabilities count as they are: divided by the length, loops look more probable than sentences. */
const LENGTH_PENALTY = 0;

const EXAMPLES = toldExamples<SummarizeState>(told.summarize, say.examples);

/** What goes with an example's document. */
const leaving = (state: SummarizeState): Partial<SummarizeState> =>
  withoutExample(state, EXAMPLES, 'document', summarizeSchema);

/**
 * Summarises a document by a cue. Its events are those of {@link ScreenController}.
 *
 * @attr {string} document - what is summed up
 * @attr {number} sentences - how many the summary has at most
 * @attr {string} cue - what is put after the document
 * @attr {number} max-new-tokens - how much is written
 * @attr {number} num-beams - texts followed at once
 * @attr {number} seed - the same seed writes the same text
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
export class ClozeSummarize extends screenElement<SummarizeState, SummarizationPipeline, SummarizeResult>(
  summarizeSchema,
) {
  static override properties: PropertyDeclarations = { offer: { attribute: false } };
  static override styles: CSSResultGroup = [screen, gptHue, writing, styles];

  /** A better model, which is fetched when the reader takes it. */
  declare offer: ModelOffer | undefined;

  protected override readonly screen: ScreenController<SummarizeState, SummarizationPipeline, SummarizeResult> =
    new ScreenController(
      this,
      { task: 'summarize', schema: summarizeSchema },
      {
        examples: () => EXAMPLES,
        withdrawn: (given) => ('document' in given ? leaving(this.screen.current) : {}),
        title: () => words.labels.summarize,
        renderFirst: () => renderOffer(this, offerWords.forSummarize),
        verb: () => say.verb,
        doing: () => say.doing,
        open: (options) => pipeline('summarization', this.model, options),
        check: () => check(this.screen.current),
        placeOf: (code) => (code === 'empty_input' ? 'document' : code === 'input_too_long' ? 'cue' : 'run'),
        perform: (pipe, signal) => this.#summarize(pipe, signal),
        summary: (result) => this.#writing.summary(result),
        stoppedSummary: () => this.#writing.stoppedSummary(),
        copyable: () => this.screen.result?.summary_text || this.#writing.finishedText.trim() || undefined,
        shared: () => this.shareState,
        opened: () => {
          this.#suit();
          void this.#plan.count();
        },
        interrupted: () => this.#writing.interrupted(),
        changed: () => this.#plan.changed(),
        facts: () => this.#facts(),
        renderAbout: () => this.#renderAbout(),
        renderInput: () => this.#renderInput(),
        renderSettings: () => this.#renderSettings(),
        renderResults: () => renderAnswer(this.screen, this.screen.current.document, this.#renderResults()),
        streams: true,
      },
    );
  readonly #writing = new WritingController<SummarizeResult>(this.screen, {
    draws: () => this.#draws,
    canContinue: () => false,
    continueFrom: () => undefined,
  });
  readonly #plan = new PlanController(this, () => ({
    pipe: this.screen.pipe,
    document: this.screen.current.document,
    options: this.#options,
    running: this.screen.running,
  }));

  readonly #settings = new Later(this, () => import('./settings.js'));
  readonly #budget = new Later(this, () => import('./budget.js'));

  /** The state with what a run chose itself (the seed), so that it reproduces the result that is shown. */
  override get shareState(): SummarizeState {
    const { state } = this;
    const drawn = this.#draws ? this.screen.result?.seed : undefined;
    return { ...state, seed: state.seed ?? drawn ?? null };
  }

  /** Whether tokens are drawn by chance. */
  get #draws(): boolean {
    const { num_beams, top_k } = this.screen.current;
    return num_beams === 1 && top_k !== 1;
  }

  /** Whether the model is asked for a summary in a conversation: it can be, and no other cue is wanted. */
  get #asks(): boolean {
    const { pipe, current } = this.screen;
    return pipe?.info.has_chat_template === true && current.cue === summarizeSchema.cue.default;
  }

  /** How the model that is there writes its best summaries. */
  get #suits(): Manner {
    return this.screen.pipe?.info.has_chat_template ? ASKED : CONTINUED;
  }

  /** Goes over to the settings that suit the model, unless others were chosen. */
  #suit(): void {
    const { current, link } = this.screen;
    const from = this.#suits === ASKED ? CONTINUED : ASKED;
    const keys = Object.keys(from) as (keyof Manner)[];
    if (keys.every((key) => current[key] === from[key])) link.change(this.#suits);
  }

  get #options(): SummarizationOptions {
    const { cue, truncation, sentences, num_beams, top_k, max_new_tokens } = this.screen.current;
    return {
      ...(this.#asks ? {} : { cue: cue.replaceAll('\\n', '\n') }),
      truncation,
      sentences,
      num_beams,
      do_sample: num_beams === 1,
      length_penalty: LENGTH_PENALTY,
      top_k,
      max_new_tokens,
    };
  }

  async #summarize(pipe: SummarizationPipeline, signal: AbortSignal): Promise<SummarizeResult> {
    const { document, seed } = this.screen.current;
    this.#writing.begin('');
    await this.updateComplete;
    const [result] = await pipe(document, {
      ...this.#options,
      ...(seed === null ? {} : { seed }),
      on_token: this.#writing.onToken,
      on_prefill: this.#writing.onPrefill,
      signal,
      replace: true,
    });
    this.#plan.take(result.plan, { document, options: this.#options });
    this.#writing.end(result);
    return result;
  }

  #facts(): readonly Fact[] {
    const { answerer } = this.screen;
    const facts = this.#writing.facts();
    return answerer && facts.length > 0 ? [...facts, ...modelFacts(answerer.info, answerer.runtime)] : [];
  }

  #renderAbout(): TemplateResult {
    const own = this.model === undefined || this.model === null;
    const asked = this.screen.pipe?.info.has_chat_template === true;
    return html`<p>${asked ? say.aboutAsked : say.about} ${help(asked ? say.helpAsked : say.help, papers.gpt2)}</p>
      ${own ? html`<p class="small muted">${say.own}</p>` : nothing}`;
  }

  #renderInput(): TemplateResult {
    const { link, problem } = this.screen;
    const { document } = link.current;
    const plan = this.#plan.current;
    const box = textBox({
      id: 'document',
      label: say.document,
      rows: 9,
      placeholder: say.placeholder,
      value: document,
      problem: problem.at('document'),
      describedBy: 'budget',
      change: (text) => link.change({ document: text, ...leaving(link.current) }),
    });
    return html`${box}
      <div class="extra more">
        ${(plan && this.#budget.part?.renderBudget(plan, this.#asks)) ?? renderNoBudget(document)}
      </div>`;
  }

  #renderSettings(): TemplateResult {
    const { link, problem } = this.screen;
    const view = { asks: this.#asks, suits: this.#suits, draws: this.#draws, cueProblem: problem.at('cue') };
    return html`<details>
      <summary>${words.frame.settings} <span class="muted">${inWords(link.current, this.#asks)}</span></summary>
      <div class="inside">${this.#settings.part?.renderSettings(link, view) ?? nothing}</div>
    </details>`;
  }

  #renderResults(): TemplateResult {
    const { result, current } = this.screen;
    const { begun } = this.#writing;
    const plan = this.#plan.current;
    const prompt = plan && this.#budget.part?.renderPrompt(plan, current.document);
    return html`${begun ? nothing : emptyState(say.empty)}
      ${
        result
          ? html`<div class="field">
              <h4 class="extra">
                ${say.summary} <span class="small muted">${say.atMost(count(current.sentences, 'sentence'))}</span>
              </h4>
              <p class="sentence" id="summary" dir="auto">${bytesShown(result.summary_text) || say.noSentence}</p>
            </div>`
          : nothing
      }
      <div class="field ${result ? 'extra' : ''}">
        ${begun ? html`<h4>${result ? say.allWritten : say.beingWritten}</h4>` : nothing}
        ${renderWritten(this.#writing, say.stream)}
      </div>
      ${prompt ? html`<div class="extra more">${prompt}</div>` : nothing}`;
  }
}

function check({ document }: SummarizeState): Problem | undefined {
  if (document.trim() !== '') return undefined;
  return { at: 'document', code: 'empty_input', message: say.noDocument };
}

/** What is set, in a line. */
const inWords = ({ cue, sentences }: SummarizeState, asks: boolean): string =>
  asks ? say.settingsAsked(count(sentences, 'sentence')) : say.settingsCue(cue, count(sentences, 'sentence'));
