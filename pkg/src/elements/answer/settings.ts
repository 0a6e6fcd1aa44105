/** The settings of the Answer screen. */
import { html, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import { answerWords } from '../../words/screens/answer.js';
import type { LinkController } from '../controllers/link.js';
import { count } from '../format.js';
import { stateNumber } from '../widgets/number-setting.js';
import { resetSettings } from '../widgets/reset.js';
import { answerSchema, type AnswerState } from './schema.js';

const say = answerWords;

/** The settings, folded away. */
export function renderSettings(link: LinkController<AnswerState>): TemplateResult {
  const { top_k, handle_impossible_answer: impossible } = link.current;
  const allow = (event: Event): void =>
    link.change({ handle_impossible_answer: (event.target as HTMLInputElement).checked });
  return html`<details>
    <summary>
      ${words.frame.settings} <span class="muted">${say.settings(count(top_k, 'answer'), impossible)}</span>
    </summary>
    <div class="inside">
      <div class="field">
        <label class="choice">
          <input id="handle_impossible_answer" type="checkbox" .checked=${impossible} @change=${allow} />
          <span>${say.impossible} <span class="small muted">${say.impossibleAbout}</span></span>
        </label>
      </div>
      <div class="settings">
        ${(['top_k', 'max_answer_len', 'doc_stride'] as const).map((key) =>
          stateNumber(link, answerSchema, key, say[key]),
        )}
      </div>
      ${resetSettings(link, answerSchema, ['question', 'context'])}
    </div>
  </details>`;
}
