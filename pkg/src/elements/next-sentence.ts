/** `<cloze-next-sentence>`: BERT judges whether one sentence follows another. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { pipeline, type NextSentencePipeline, type PipelineOptions } from '../index.js';
import { ClozeElement, type Example, type Problem } from './base.js';
import { count, milliseconds, percent } from './format.js';
import { papers } from './papers.js';
import { barTable, measured, modelFacts } from './parts.js';
import type { Schema } from './state.js';

/** What is typed on the Next sentence screen. */
export interface NextSentenceState {
  a: string;
  b: string;
  /** Further sentences that compete with `b`. */
  candidates: string[];
}

/** One sentence with both its probabilities. */
export interface Judged {
  readonly sentence: string;
  readonly is_next: number;
  readonly not_next: number;
}

/** A result of the Next sentence screen. */
export interface NextSentenceResult {
  readonly a: string;
  /** The candidates, the likeliest first. */
  readonly ranked: readonly Judged[];
  /** Tokens read, all pairs together. */
  readonly tokens: number;
  readonly ms: number;
}

const MOST_CANDIDATES = 9;

/** Compares sentences that may follow another. */
export class ClozeNextSentence extends ClozeElement<NextSentenceState, NextSentencePipeline, NextSentenceResult> {
  static override styles = [
    ...ClozeElement.styles,
    css`
      .between {
        display: flex;
        justify-content: center;
        margin-block: -0.625rem;
      }
      .verdict {
        font-size: 1.125rem;
      }
      .pair {
        font-family: var(--cloze-serif);
        font-size: 1.0625rem;
      }
      th .pair {
        display: block;
        padding-block: 0.375rem;
      }
    `,
  ];

  protected readonly task = 'next-sentence';
  protected readonly verb = 'Compare';
  protected readonly doing = 'Reading both sentences.';
  protected readonly schema: Schema = {
    a: { kind: 'text', default: '' },
    b: { kind: 'text', default: '' },
    candidates: { kind: 'list', default: [], most: MOST_CANDIDATES },
  };
  protected readonly examples: readonly Example<NextSentenceState>[] = [
    {
      name: 'It follows',
      state: {
        a: 'She opened the letter with trembling hands.',
        b: 'It was from her brother, whom she had thought dead.',
      },
    },
    {
      name: 'It does not',
      state: { a: 'She opened the letter with trembling hands.', b: 'The currency of the country is the franc.' },
    },
    {
      name: 'Which comes next?',
      state: {
        a: 'The ship left the harbour at dawn.',
        b: 'By noon the coast was out of sight.',
        candidates: [
          'The election was held in November.',
          'The captain looked at the sky.',
          'My fellow citizens, the budget must be balanced.',
        ],
      },
    },
  ];

  /** The result before the sentences were swapped. */
  #unswapped: NextSentenceResult | undefined;

  protected open(options: PipelineOptions): Promise<NextSentencePipeline> {
    return pipeline('next-sentence-prediction', this.model, options);
  }

  protected check(): Problem | undefined {
    const { a, b, candidates } = this.current;
    if (a.trim() === '')
      return { at: 'a', code: 'empty_input', message: 'Type the first sentence, or choose an example above.' };
    if (b.trim() === '') return { at: 'b', code: 'empty_input', message: 'Type a sentence that may follow the first.' };
    const empty = candidates.findIndex((candidate) => candidate.trim() === '');
    if (empty >= 0)
      return {
        at: `candidate-${empty + 2}`,
        code: 'empty_input',
        message: 'Type a sentence here, or remove this box.',
      };
    return undefined;
  }

  protected placeOf(code: string): string {
    return ['empty_input', 'input_too_long'].includes(code) ? 'b' : 'run';
  }

  protected override stateChanged(before: NextSentenceState): void {
    super.stateChanged(before);
    const { a, b } = this.current;
    if (before.a !== a || before.b !== b) this.#unswapped = undefined;
  }

  protected async perform(pipe: NextSentencePipeline, signal: AbortSignal): Promise<NextSentenceResult> {
    const { a, b, candidates } = this.current;
    const start = performance.now();
    if (candidates.length === 0) {
      const one = await pipe(a, b, { signal, replace: true });
      return {
        a,
        ranked: [{ sentence: b, is_next: one.is_next, not_next: one.not_next }],
        tokens: one.tokens,
        ms: performance.now() - start,
      };
    }
    const ranked = await pipe(a, [b, ...candidates], { signal, replace: true });
    const tokens = ranked.reduce((sum, one) => sum + one.tokens, 0);
    return {
      a,
      ranked: ranked.map(({ sentence, is_next, not_next }) => ({ sentence, is_next, not_next })),
      tokens,
      ms: performance.now() - start,
    };
  }

  protected summary({ ranked, ms }: NextSentenceResult): string {
    const best = ranked[0]!;
    const time = milliseconds(ms);
    if (ranked.length > 1)
      return `${count(ranked.length, 'sentence')} ranked in ${time}. First: “${best.sentence}”, ${percent(best.is_next)}.`;
    return `Answered in ${time}: B follows A with ${percent(best.is_next)}.`;
  }

  protected copyable(): string | undefined {
    if (!this.result) return undefined;
    const { a, ranked } = this.result;
    return [a, ...ranked.map((one) => `${percent(one.is_next)}\t${one.sentence}`)].join('\n');
  }

  protected facts(): [string, string][] {
    if (!this.result || !this.pipe) return [];
    const { ms, tokens } = this.result;
    const speed = `${Math.round((tokens / ms) * 1000).toLocaleString('en-GB')} tokens/s`;
    return [
      ['Time', milliseconds(ms)],
      ['Read', count(tokens, 'token')],
      ['Speed', speed],
      ...modelFacts(this.pipe.info, this.pipe.runtime),
    ];
  }

  protected renderAbout(): TemplateResult {
    return html`<h2>Next sentence</h2>
      <p>
        BERT reads two sentences together and judges whether the second one followed the first where it was written. It
        compares what they are about and how they are told, not whether they are true.
        <cloze-help term="next sentence prediction" .paper=${papers.bert}>
          While BERT learned, half of the pairs it saw were neighbours from one document, and half had a sentence from
          elsewhere; a small layer on its first token learned to tell them apart. The two probabilities add up to 100 %.
        </cloze-help>
      </p>
      <p class="small muted">
        The model that comes with this page is small: it was right on 86 of 100 pairs it had never seen.
      </p>`;
  }

  protected renderInput(): TemplateResult {
    const { candidates } = this.current;
    return html`${this.#renderBox('a', 'Sentence A')}
      <div class="between">
        <button type="button" id="swap" class="quiet" @click=${this.#swap}>
          <span aria-hidden="true">⇅</span> Swap A and B
        </button>
      </div>
      ${this.#renderBox('b', 'Sentence B')}
      ${candidates.map((candidate, index) => this.#renderCandidate(candidate, index))}
      <div class="row">
        <button type="button" id="add" ?disabled=${candidates.length >= MOST_CANDIDATES} @click=${this.#add}>
          Add another candidate
        </button>
        <span class="small muted">Several candidates are ranked.</span>
      </div>`;
  }

  #renderBox(key: 'a' | 'b', label: string): TemplateResult {
    return this.renderTextBox({
      id: key,
      label,
      rows: 2,
      value: this.current[key],
      change: (text) => this.change({ [key]: text }),
    });
  }

  #renderCandidate(candidate: string, index: number): TemplateResult {
    const id = `candidate-${index + 2}`;
    const label = `Candidate ${index + 2}`;
    return this.renderTextBox({
      id,
      label,
      rows: 2,
      value: candidate,
      change: (text) => this.#setCandidate(index, text),
      beside: html`<button
        type="button"
        class="quiet"
        aria-label="Remove ${label.toLowerCase()}"
        @click=${() => this.#remove(index)}
      >
        ✕
      </button>`,
    });
  }

  #setCandidate(index: number, text: string): void {
    this.change({ candidates: this.current.candidates.map((other, at) => (at === index ? text : other)) });
  }

  readonly #add = async (): Promise<void> => {
    this.change({ candidates: [...this.current.candidates, ''] });
    await this.updateComplete;
    this.focusControl(`candidate-${this.current.candidates.length + 1}`);
  };

  async #remove(index: number): Promise<void> {
    this.change({ candidates: this.current.candidates.filter((_, at) => at !== index) });
    await this.updateComplete;
    this.focusControl('add');
  }

  readonly #swap = (): void => {
    const { a, b } = this.current;
    const before = this.result;
    const shown = before?.ranked.length === 1 && before.a === a && before.ranked[0]!.sentence === b;
    this.change({ a: b, b: a });
    if (shown) this.#unswapped = before;
    if (this.result) void this.run();
  };

  protected override renderSettings(): typeof nothing {
    return nothing;
  }

  protected renderResults(): TemplateResult {
    const { result } = this;
    if (!result) {
      return html`<div class="empty">
        <p>How likely B follows A will stand here, and how likely it does not.</p>
        <p>Choose an example, or type two sentences and press Compare.</p>
      </div>`;
    }
    return result.ranked.length === 1 ? this.#renderOne(result) : this.#renderRanked(result);
  }

  #renderOne({ a, ranked }: NextSentenceResult): TemplateResult {
    const { sentence, is_next, not_next } = ranked[0]!;
    const before = this.#unswapped?.ranked[0];
    return html`<div class="field">
        <p class="verdict">${is_next >= 0.5 ? 'B follows A' : 'B does not follow A'}, says BERT.</p>
        <p class="pair muted">“${a}” → “${sentence}”</p>
      </div>
      ${barTable({
        caption: 'Both answers',
        of: 'Answer',
        rows: [
          { label: 'B follows A', score: is_next },
          { label: 'B comes from elsewhere', score: not_next },
        ],
      })}
      ${
        before
          ? html`<p class="small">
              The other way round, B follows A with
              ${percent(before.is_next)}${Math.abs(before.is_next - is_next) < 0.1 ? ': the order hardly matters to this model' : ''}.
            </p>`
          : html`<p class="small muted">Swap the sentences to see whether their order matters to BERT.</p>`
      }`;
  }

  #renderRanked({ a, ranked }: NextSentenceResult): TemplateResult {
    return html`<p class="pair muted">After “${a}”</p>
      <table>
        <caption>
          Likeliest first
        </caption>
        <thead>
          <tr>
            <th scope="col">Candidate</th>
            <th scope="col" class="probability">Follows / does not</th>
          </tr>
        </thead>
        <tbody>
          ${ranked.map(
            ({ sentence, is_next, not_next }, index) =>
              html`<tr>
                <th scope="row"><span class="pair">${index + 1}. ${sentence}</span></th>
                <td>${measured(is_next)}<span class="small muted">does not: ${percent(not_next)}</span></td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="small muted">Each candidate is judged alone, so that the figures do not add up to 100 %.</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloze-next-sentence': ClozeNextSentence;
  }
}
