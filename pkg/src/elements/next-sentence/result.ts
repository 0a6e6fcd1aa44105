/** What the Next sentence screen asks of the model, and what comes of it. */
import { html, type TemplateResult } from 'lit';
import type { NextSentencePipeline } from '../../index.js';
import { words } from '../../words/index.js';
import { percent } from '../format.js';
import { barTable, measured } from '../widgets/parts.js';
import type { NextSentenceState } from './schema.js';

const say = words.nextSentence;

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

/** Smaller differences mean that the order of two sentences hardly matters. */
const ALIKE = 0.1;

/** Compares the sentences that are typed. */
export async function compare(
  pipe: NextSentencePipeline,
  { a, b, candidates }: NextSentenceState,
  signal: AbortSignal,
): Promise<NextSentenceResult> {
  const call = { signal, replace: true };
  const start = performance.now();
  if (candidates.length === 0) {
    const { is_next, not_next, tokens } = await pipe(a, b, call);
    return { a, ranked: [{ sentence: b, is_next, not_next }], tokens, ms: performance.now() - start };
  }
  const ranked = await pipe(a, [b, ...candidates], call);
  return {
    a,
    ranked: ranked.map(({ sentence, is_next, not_next }) => ({ sentence, is_next, not_next })),
    tokens: ranked.reduce((sum, one) => sum + one.tokens, 0),
    ms: performance.now() - start,
  };
}

/** The verdict on one pair; `before` is that on the same pair the other way round. */
export function renderOne({ a, ranked }: NextSentenceResult, before: Judged | undefined): TemplateResult {
  const { sentence, is_next, not_next } = ranked[0]!;
  return html`<div class="field">
      <p class="verdict">${is_next >= 0.5 ? say.saysFollows : say.saysNot}</p>
      <p class="pair muted">${say.pair(a, sentence)}</p>
    </div>
    ${barTable({
      caption: say.both,
      of: say.answer,
      rows: [
        { label: say.follows, score: is_next },
        { label: say.elsewhere, score: not_next },
      ],
    })}
    ${
      before
        ? html`<p class="small">${otherWay(before.is_next, is_next)}</p>`
        : html`<p class="small muted">${say.trySwapping}</p>`
    }`;
}

const otherWay = (before: number, now: number): string =>
  (Math.abs(before - now) < ALIKE ? say.otherWayAlike : say.otherWay)(percent(before));

/** Several candidates, the likeliest first. */
export function renderRanked({ a, ranked }: NextSentenceResult): TemplateResult {
  return html`<p class="pair muted">${say.after(a)}</p>
    <table>
      <caption>
        ${say.likeliestFirst}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say.candidates}</th>
          <th scope="col" class="probability">${say.followsOrNot}</th>
        </tr>
      </thead>
      <tbody>
        ${ranked.map(
          ({ sentence, is_next, not_next }, index) =>
            html`<tr>
              <th scope="row"><span class="pair">${index + 1}. ${sentence}</span></th>
              <td>${measured(is_next)}<span class="small muted">${say.doesNot(percent(not_next))}</span></td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="small muted">${say.rankedAbout}</p>`;
}
