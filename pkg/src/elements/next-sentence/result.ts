/** What the Next sentence screen asks of the model, and what comes of it. */
import { html, type TemplateResult } from 'lit';
import type { NextSentencePipeline } from '../../index.js';
import { nextSentenceWords } from '../../words/screens/next-sentence.js';
import { percent } from '../format.js';
import { apart, barTable, measured } from '../widgets/parts.js';
import type { NextSentenceState } from './schema.js';

const say = nextSentenceWords;

/** One sentence with its probabilities. */
export interface Judged {
  readonly sentence: string;
  /** It follows A. */
  readonly is_next: number;
  readonly not_next: number;
  /** A follows it: the other order. */
  readonly is_before: number;
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

/** Compares the sentences that are typed, in both orders. */
export async function compare(
  pipe: NextSentencePipeline,
  { a, b, candidates }: NextSentenceState,
  signal: AbortSignal,
): Promise<NextSentenceResult> {
  const call = { signal, replace: true };
  const start = performance.now();
  const following = await pipe(a, [b, ...candidates], call);
  const ranked: Judged[] = [];
  let tokens = 0;
  for (const { sentence, is_next, not_next, tokens: read } of following) {
    const before = await pipe(sentence, a, call);
    ranked.push({ sentence, is_next, not_next, is_before: before.is_next });
    tokens += read + before.tokens;
  }
  return { a, ranked, tokens, ms: performance.now() - start };
}

/** The verdict on one pair, and what becomes of it in the other order. */
export function renderOne({ a, ranked }: NextSentenceResult): TemplateResult {
  const { sentence, is_next, not_next, is_before } = ranked[0]!;
  return html`<div class="field">
      <p class="verdict">${is_next >= 0.5 ? say.saysFollows : say.saysNot}</p>
      <p class="pair muted extra">${say.pair(apart(a), apart(sentence))}</p>
    </div>
    ${barTable({
      caption: say.both,
      of: say.answer,
      rows: [
        { label: say.follows, score: is_next },
        { label: say.elsewhere, score: not_next },
      ],
    })}
    <div class="field extra">
      <h4>${say.otherOrder}</h4>
      <div class="other-order"><span>${say.before}</span> ${measured(is_before)}</div>
      <p class="small muted">${Math.abs(is_before - is_next) < ALIKE ? say.orderAlike : say.orderMatters}</p>
    </div>`;
}

/** Several candidates, the likeliest first. */
export function renderRanked({ a, ranked }: NextSentenceResult): TemplateResult {
  return html`<p class="pair muted extra">${say.after(apart(a))}</p>
    <table>
      <caption>
        ${say.likeliestFirst}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say.candidates}</th>
          <th scope="col" class="probability">${say.followsA}</th>
        </tr>
      </thead>
      <tbody>
        ${ranked.map(
          ({ sentence, is_next, is_before }, index) =>
            html`<tr>
              <th scope="row"><span class="pair">${index + 1}. ${apart(sentence)}</span></th>
              <td>${measured(is_next)}<span class="small muted">${say.isBefore(percent(is_before))}</span></td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="small muted hint">${say.rankedAbout}</p>`;
}
