/** What stands above the form: a run that can go on, a link's text, and why nothing can be trained. */
import { html, type TemplateResult } from 'lit';
import { TEXTS, type TextName } from '../../../training/data.js';
import { trainWords } from '../../../words/train.js';
import { labelled, number } from '../../format.js';
import type { ListedRun } from '../runs.js';
import { advised } from './live-view.js';

const say = trainWords.scratch;

/** A run from before that did not come to its end. */
export const renderUnfinished = ({ name, steps, settings }: ListedRun, goOn: () => void): TemplateResult =>
  html`<div class="offer" id="unfinished">
    <p>${say.kept.unfinished(name, number(steps), number(settings.steps))}</p>
    <div class="row">
      <button type="button" id="go-on" @click=${goOn}>${say.kept.goOn}</button>
    </div>
  </div>`;

/** What trains could not be fetched. */
export const renderUnready = (error: unknown, retry: () => void): TemplateResult =>
  html`<div class="problem" role="alert">
      <p>${labelled(say.notReady, advised(error))}</p>
    </div>
    <div class="row">
      <button type="button" id="retry" @click=${retry}>${say.retry}</button>
    </div>`;

/** The text that a link names: it is fetched on a click alone. */
export function renderLinked(name: TextName, take: () => void): TemplateResult {
  const { title, bytes } = TEXTS.find((text) => text.name === name)!;
  return html`<div class="row">
    <button type="button" id="take-linked" @click=${take}>${say.text.takeLinked(title, number(bytes / 1000))}</button>
  </div>`;
}
