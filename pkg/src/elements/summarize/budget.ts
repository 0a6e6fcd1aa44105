/** How much of the document the model reads, and the exact prompt. */
import { html, nothing, type TemplateResult } from 'lit';
import type { SummaryPlan } from '../../index.js';
import { summarizeWords } from '../../words/screens/summarize.js';
import { count } from '../format.js';
import { papers } from '../papers.js';
import { help } from '../widgets/parts.js';

const say = summarizeWords;

/** The meter; `asks`: whether the model is asked in a conversation rather than by the cue. */
export function renderBudget(plan: SummaryPlan, asks: boolean): TemplateResult {
  const { document_tokens, budget, left_out, context, cue_tokens } = plan;
  const tokens = count(document_tokens, 'token');
  const rest = context - budget - cue_tokens;
  return html`<div class="budget" id="budget">
    <meter aria-label=${say.budget.label} min="0" max=${budget} .value=${Math.min(document_tokens, budget)}></meter>
    <p>
      ${
        left_out
          ? html`<strong>${say.budget.roomFor(tokens, budget)}</strong>
              ${say.budget.leftOut(say.parts[left_out.part].name, count(left_out.tokens, 'token'))}`
          : html`<strong>${tokens}</strong> ${say.budget.all(budget)}`
      }
      <span class="muted"
        >${(asks ? say.budget.forQuestion : say.budget.forCue)(context, cue_tokens, rest)}
        ${help(say.budget.help, papers.gpt2)}</span
      >
    </p>
  </div>`;
}

/** The exact prompt, folded away, and what of `document` is not in it. */
export function renderPrompt({ prompt, prompt_tokens, left_out }: SummaryPlan, document: string): TemplateResult {
  return html`<details id="exact-prompt">
    <summary>${say.exactPrompt} <span class="muted">${count(prompt_tokens, 'token')}</span></summary>
    <div class="inside">
      <pre class="verbatim" dir="auto" tabindex="0" aria-label=${say.exactPrompt}>${prompt}</pre>
      ${
        left_out
          ? html`<p class="small">${say.leftOutTokens(count(left_out.tokens, 'token'))}</p>
              <pre
                class="verbatim"
                dir="auto"
                tabindex="0"
                aria-label=${say.whatWasLeftOut}
              ><s class="left-out">${document.slice(left_out.start, left_out.end)}</s></pre>`
          : nothing
      }
    </div>
  </details>`;
}
