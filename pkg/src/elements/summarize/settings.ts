/** The settings of the TL;DR screen. */
import { html, type TemplateResult } from 'lit';
import { summarizeWords } from '../../words/screens/summarize.js';
import type { LinkController } from '../controllers/link.js';
import { stateNumber } from '../widgets/number-setting.js';
import { choice, code, problemBelow } from '../widgets/parts.js';
import { resetSettings } from '../widgets/reset.js';
import { seedSetting } from '../widgets/seed-setting.js';
import { PARTS, summarizeSchema, type SummarizeState } from './schema.js';

const say = summarizeWords;

/** What the settings show beside the state. */
export interface SettingsView {
  /** Whether the model is asked for a summary in a conversation. */
  readonly asks: boolean;
  /** What suits the model that is there. */
  readonly suits: Partial<SummarizeState>;
  /** Whether tokens are drawn by chance. */
  readonly draws: boolean;
  /** What is wrong with the cue. */
  readonly cueProblem: string | undefined;
}

/** The settings, which are folded away and come after the first paint. */
export function renderSettings(link: LinkController<SummarizeState>, view: SettingsView): TemplateResult {
  const { truncation, num_beams } = link.current;
  const number = (key: 'sentences' | 'num_beams' | 'top_k' | 'max_new_tokens', disabled = false): TemplateResult =>
    stateNumber(link, summarizeSchema, key, { ...say[key], disabled });
  return html`<fieldset class="field">
      <legend>${say.leaveOut}</legend>
      ${PARTS.map((part) => {
        const { name, about } = say.parts[part];
        const choose = (): void => link.change({ truncation: part });
        return choice({ name: 'truncation', label: name, about, checked: truncation === part, choose });
      })}
    </fieldset>
    <div class="settings">
      ${renderCue(link, view)} ${number('sentences')} ${number('num_beams')} ${number('top_k', num_beams > 1)}
      ${number('max_new_tokens')} ${seedSetting(link, !view.draws)}
    </div>
    ${resetSettings(link, summarizeSchema, ['document'], view.suits)}`;
}

const renderCue = (link: LinkController<SummarizeState>, { asks, cueProblem }: SettingsView): TemplateResult =>
  html`<div class="setting">
    <label for="cue">${say.cue}</label>
    <input
      id="cue"
      dir="auto"
      type="text"
      autocomplete="off"
      .value=${link.current.cue}
      aria-invalid=${cueProblem ? 'true' : 'false'}
      aria-describedby="cue-about cue-problem"
      @input=${(event: Event) => link.change({ cue: (event.target as HTMLInputElement).value })}
    />
    <p class="small muted" id="cue-about">${say.cueAbout(code)}${asks ? say.canBeAsked : ''}</p>
    ${problemBelow('cue', cueProblem)}
  </div>`;
