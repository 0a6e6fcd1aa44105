/** The meter of the document before anything was counted. */
import { html, type TemplateResult } from 'lit';
import { summarizeWords } from '../../words/screens/summarize.js';

const say = summarizeWords;

/** As long as the meter that takes its place. */
export function renderNoBudget(document: string): TemplateResult {
  return html`<div class="budget" id="budget">
    <meter aria-label=${say.budget.label} min="0" max="1" value="0"></meter>
    <p class="muted">${document.trim() === '' ? say.budget.unread : say.budget.uncounted}</p>
  </div>`;
}
