/** `<cloze-summarize>`: GPT-2 summarises because the text ends in `TL;DR:` (section 3.6 of its paper). */
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import {
  pipeline,
  type PipelineOptions,
  type SummarizationOptions,
  type SummarizationOutput,
  type SummarizationPipeline,
  type SummaryPlan,
} from '../index.js';
import type { Example, Problem } from './base.js';
import { documents } from './documents.js';
import { count } from './format.js';
import { papers } from './papers.js';
import { numberSetting } from './parts.js';
import type { Schema } from './state.js';
import { WritingElement } from './writing.js';

/** What is typed and set on the TL;DR screen. */
export interface SummarizeState {
  document: string;
  /** What is put after the document; `\n` stands for a line break. */
  cue: string;
  /** Which part of a document that is too long is left out. */
  truncation: 'tail' | 'head' | 'middle';
  /** How many sentences the summary has at most. */
  sentences: number;
  /** Texts followed at once; 1 draws token by token. */
  num_beams: number;
  /** Of how many tokens one is drawn, with 1 beam. */
  top_k: number;
  max_new_tokens: number;
  seed: number | null;
}

/** A result of the TL;DR screen: the pipeline's. */
export type SummarizeResult = SummarizationOutput;

const PARTS = [
  ['tail', 'its end', 'The model sees the beginning.'],
  ['head', 'its beginning', 'The model sees the end.'],
  ['middle', 'its middle', 'The model sees both ends.'],
] as const;

/** Texts' probabilities count as they are: divided by the length, loops look more probable than sentences. */
const LENGTH_PENALTY = 0;

/** Pauses in typing shorter than this do not count the tokens again. */
const COUNT_AFTER_MS = 300;

const unescape = (text: string): string => text.replaceAll('\\n', '\n');

/** Summarises a document by a cue. */
export class ClozeSummarize extends WritingElement<SummarizeState, SummarizationPipeline, SummarizeResult> {
  static override properties: PropertyDeclarations = { plan: { state: true } };
  static override styles = [
    ...WritingElement.styles,
    css`
      #document {
        font-size: 1rem;
      }
      .budget {
        display: grid;
        gap: 0.375rem;
        min-height: 4.75rem;
        align-content: start;
        font-size: 0.9375rem;
      }
      meter {
        display: block;
        width: 100%;
        height: 0.75rem;
        appearance: none;
        border: 0;
        border-radius: 0.125rem;
        overflow: hidden;
        background: color-mix(in oklab, var(--hue) 13%, var(--cloze-paper));
      }
      meter::-webkit-meter-inner-element {
        display: block;
        height: 100%;
      }
      meter::-webkit-meter-bar {
        height: 100%;
        border: 0;
        border-radius: 0;
        background: color-mix(in oklab, var(--hue) 13%, var(--cloze-paper));
      }
      /* One list per engine: an unknown part voids a whole list. */
      meter::-webkit-meter-optimum-value {
        height: 100%;
        background: var(--hue);
      }
      meter::-moz-meter-bar {
        background: var(--hue);
      }
      .left-out {
        text-decoration: line-through;
        text-decoration-color: var(--cloze-muted);
        color: var(--cloze-muted);
      }
      @media (forced-colors: active) {
        meter {
          border: 1px solid CanvasText;
          forced-color-adjust: none;
        }
      }
    `,
  ];

  protected readonly task = 'summarize';
  protected readonly verb = 'Summarize';
  protected readonly doing = 'Reading the document.';
  protected readonly schema: Schema = {
    document: { kind: 'text', default: '' },
    cue: { kind: 'text', default: '\\nTL;DR:' },
    truncation: { kind: 'choice', default: 'tail', of: PARTS.map(([value]) => value) },
    sentences: { kind: 'number', default: 3, min: 1, max: 10, whole: true },
    // Following four texts and taking the most probable keeps more of the document in so small a model's summaries.
    num_beams: { kind: 'number', default: 4, min: 1, max: 16, whole: true },
    // Drawing from the two likeliest, as the paper did, costs so small a model much of the sense.
    top_k: { kind: 'number', default: 1, min: 0, max: 1000, whole: true },
    max_new_tokens: { kind: 'number', default: 100, min: 1, max: 500, whole: true },
    seed: { kind: 'seed', default: null },
  };
  protected readonly examples: readonly Example<SummarizeState>[] = documents.map(({ name, text }) => ({
    name,
    state: { document: text, seed: 1 },
  }));

  /** How the document fits into the context; undefined until it has been counted. */
  declare protected plan: SummaryPlan | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the plan belongs to. */
  #planned = '';

  protected override open(options: PipelineOptions): Promise<SummarizationPipeline> {
    return pipeline('summarization', this.model, options);
  }

  protected override get draws(): boolean {
    return this.current.num_beams === 1 && this.current.top_k !== 1;
  }

  protected override opened(): void {
    this.#count();
  }

  protected check(): Problem | undefined {
    if (this.current.document.trim() !== '') return undefined;
    return {
      at: 'document',
      code: 'empty_input',
      message: 'Paste a text to be summarised, or choose an example above.',
    };
  }

  protected placeOf(code: string): string {
    return code === 'empty_input' ? 'document' : code === 'input_too_long' ? 'cue' : 'run';
  }

  protected override stateChanged(before: SummarizeState): void {
    super.stateChanged(before);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#count(), COUNT_AFTER_MS);
  }

  /** Whether the model is asked for a summary in a conversation: it can be, and no other cue is wanted. */
  get #asks(): boolean {
    return this.pipe?.info.has_chat_template === true && this.current.cue === this.schema['cue']!.default;
  }

  get #options(): SummarizationOptions {
    const { cue, truncation, sentences, num_beams, top_k, max_new_tokens } = this.current;
    return {
      ...(this.#asks ? {} : { cue: unescape(cue) }),
      truncation,
      sentences,
      num_beams,
      do_sample: num_beams === 1,
      length_penalty: LENGTH_PENALTY,
      top_k,
      max_new_tokens,
    };
  }

  /** Counts the tokens again, unless nothing changed or the model is not there. */
  async #count(): Promise<void> {
    const { pipe } = this;
    const { document } = this.current;
    const key = JSON.stringify([document, this.#options]);
    if (!pipe || key === this.#planned || this.running) return;
    this.#planned = key;
    if (document.trim() === '') {
      this.plan = undefined;
      return;
    }
    try {
      const plan = await pipe.plan(document, this.#options);
      if (this.#planned === key) this.plan = plan;
    } catch {
      // The run says what is wrong; a meter has no figures then.
      if (this.#planned === key) this.plan = undefined;
    }
  }

  protected async perform(pipe: SummarizationPipeline, signal: AbortSignal): Promise<SummarizeResult> {
    const { document, seed } = this.current;
    this.beginWriting('');
    await this.updateComplete;
    const [result] = await pipe(document, {
      ...this.#options,
      ...(seed === null ? {} : { seed }),
      on_token: this.onToken,
      on_prefill: this.onPrefill,
      signal,
      replace: true,
    });
    this.plan = result!.plan;
    this.#planned = JSON.stringify([document, this.#options]);
    this.endWriting(result!);
    return result!;
  }

  protected override updated(): void {
    // The text changed while the model was writing: count now.
    if (!this.running) void this.#count();
  }

  protected copyable(): string | undefined {
    return this.result?.summary_text || this.finishedText.trim() || undefined;
  }

  protected renderAbout(): TemplateResult {
    return html`<h2>TL;DR</h2>
      <p>
        GPT-2 can only go on with a text; but where one ends in “TL;DR:” (too long; didn’t read), what comes next on the
        web is a summary, and so it writes one. Nobody had to teach it the task.
        <cloze-help term="the TL;DR cue" .paper=${papers.gpt2}>
          The authors of GPT-2 put TL;DR: after news articles, drew 100 tokens from the two likeliest each time, and
          took the first three sentences (section 3.6). Without the cue the summaries were clearly worse.
        </cloze-help>
      </p>
      <p class="small muted">
        The model that comes with this page is small (14 million parameters) and was shown some ten thousand texts with
        their summaries: it says in a sentence what sort of thing a text is about, and often gets the particulars wrong.
      </p>`;
  }

  protected renderInput(): TemplateResult {
    const { document } = this.current;
    const box = this.renderTextBox({
      id: 'document',
      label: 'Document',
      rows: 9,
      placeholder: 'Paste a text to be summarised.',
      value: document,
      describedBy: 'budget',
      change: (text) => this.change({ document: text, ...this.withoutExampleSeed('document') }),
    });
    return html`${box} ${this.#renderBudget()}`;
  }

  protected override renderSettings(): TemplateResult {
    const { truncation, cue } = this.current;
    return html`<details>
      <summary>
        Settings
        <span class="muted"
          >${this.#asks ? 'asked as a question' : `cue “${cue}”`}, first
          ${count(this.current.sentences, 'sentence')}</span
        >
      </summary>
      <div class="inside">
        <fieldset class="field">
          <legend>Of a document that is too long, leave out</legend>
          ${PARTS.map(
            ([value, name, about]) =>
              html`<label class="choice">
                <input
                  type="radio"
                  name="truncation"
                  .checked=${truncation === value}
                  @change=${() => this.change({ truncation: value })}
                />
                <span>${name} <span class="small muted">${about}</span></span>
              </label>`,
          )}
        </fieldset>
        <div class="settings">
          <div class="setting">
            <label for="cue">Cue</label>
            <input
              id="cue"
              type="text"
              autocomplete="off"
              .value=${cue}
              aria-invalid=${this.problemAt('cue') ? 'true' : 'false'}
              aria-describedby="cue-about cue-problem"
              @input=${(event: Event) => this.change({ cue: (event.target as HTMLInputElement).value })}
            />
            <p class="small muted" id="cue-about">
              Put after the document; <span class="token">\\n</span> is a line break. Try without
              it.${this.#asks ? ' This model can be asked: as long as the cue is this one, it gets a question instead.' : ''}
            </p>
            ${this.renderProblem('cue')}
          </div>
          ${this.#number('sentences', 'Sentences', 'The summary is the first so many sentences.')}
          ${this.#number('num_beams', 'Beams', 'So many texts are followed at once, and the most probable one is the summary; 1 writes token by token.')}
          ${this.#number('top_k', 'Top-k', 'With 1 beam, drawn from the k likeliest tokens: 1 takes the likeliest, the paper took 2, 0 is off.', this.current.num_beams > 1)}
          ${this.#number('max_new_tokens', 'Length', 'At most so many tokens; room for them is kept in the context.')}
          ${this.renderSeed(!this.draws)}
        </div>
      </div>
    </details>`;
  }

  #number(
    key: 'sentences' | 'num_beams' | 'top_k' | 'max_new_tokens',
    label: string,
    about: string,
    disabled = false,
  ): TemplateResult {
    const field = this.schema[key] as { min: number; max: number };
    return numberSetting({
      id: key,
      label,
      about,
      value: this.current[key],
      min: field.min,
      max: field.max,
      step: 1,
      disabled,
      problem: this.refused[key],
      change: (value) => this.change({ [key]: value! }),
      refuse: (why) => this.refuse(key, why),
    });
  }

  #renderBudget(): TemplateResult {
    const { plan } = this;
    if (!plan) {
      const words =
        this.current.document.trim() === ''
          ? 'How much of the document the model can read is shown here.'
          : 'The tokens are counted when the model is there.';
      return html`<div class="budget" id="budget">
        <meter aria-label="Room for the document" min="0" max="1" value="0"></meter>
        <p class="muted">${words}</p>
      </div>`;
    }
    const { document_tokens, budget, left_out, context, cue_tokens } = plan;
    const rest = context - budget - cue_tokens;
    return html`<div class="budget" id="budget">
      <meter
        aria-label="Room for the document"
        min="0"
        max=${budget}
        .value=${Math.min(document_tokens, budget)}
      ></meter>
      <p>
        ${
          left_out
            ? html`<strong>${count(document_tokens, 'token')}, room for ${budget}:</strong>
                ${this.#partName(left_out.part)} is left out (${count(left_out.tokens, 'token')}).`
            : html`<strong>${count(document_tokens, 'token')}</strong> of ${budget}: all of it is read.`
        }
        <span class="muted">
          The context has ${context} tokens; ${cue_tokens} go to the ${this.#asks ? 'question' : 'cue'}, ${rest} to the
          summary.
          <cloze-help term="the context" .paper=${papers.gpt2}>
            A model reads at most so many tokens at once, prompt and answer together. What does not fit is left out, and
            said so here.
          </cloze-help>
        </span>
      </p>
    </div>`;
  }

  #partName(part: string): string {
    return PARTS.find(([value]) => value === part)?.[1] ?? part;
  }

  protected renderResults(): TemplateResult {
    const { result } = this;
    return html`${
        this.begun
          ? nothing
          : html`<div class="empty">
              <p>The summary will be written here, and the exact prompt that asked for it.</p>
              <p>Choose an example, or paste a text and press Summarize.</p>
            </div>`
      }
      ${
        result
          ? html`<div class="field">
              <h4>Summary: the first ${count(this.current.sentences, 'sentence')}</h4>
              <p class="sentence" id="summary">
                ${result.summary_text || 'The model wrote nothing that is a sentence.'}
              </p>
            </div>`
          : nothing
      }
      <div class="field">
        ${this.begun ? html`<h4>${result ? 'All that was written' : 'Being written'}</h4>` : nothing}
        ${this.renderStream('Summary tokens')}
      </div>
      ${this.plan ? this.#renderPrompt(this.plan) : nothing}`;
  }

  #renderPrompt(plan: SummaryPlan): TemplateResult {
    const { left_out } = plan;
    const missing = left_out ? this.current.document.slice(left_out.start, left_out.end) : '';
    return html`<details id="exact-prompt">
      <summary>The exact prompt <span class="muted">${count(plan.prompt_tokens, 'token')}</span></summary>
      <div class="inside">
        <pre class="verbatim" tabindex="0" aria-label="The exact prompt">${plan.prompt}</pre>
        ${
          left_out
            ? html`<p class="small">Left out, ${count(left_out.tokens, 'token')}:</p>
                <pre
                  class="verbatim"
                  tabindex="0"
                  aria-label="What was left out"
                ><s class="left-out">${missing}</s></pre>`
            : nothing
        }
      </div>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloze-summarize': ClozeSummarize;
  }
}
