/** How the model read the text of the Fill mask screen: step by step, and its tokens, folded away. */
import { html, nothing, type TemplateResult } from 'lit';
import type { JointFillOutput, TokenInfo } from '../../index.js';
import { words } from '../../words/index.js';
import { fillMaskWords } from '../../words/screens/fill-mask.js';
import { bytesShown, count, percent } from '../format.js';
import { papers } from '../papers.js';
import { shown } from '../token-faces.js';
import { code, help } from '../widgets/parts.js';
import { direction } from './masking.js';
import type { FillMaskResult } from './result.js';

const say = fillMaskWords;

/** The steps of joint filling, if there are any, and the tokens. */
export const renderReading = (result: FillMaskResult): TemplateResult =>
  html`${result.joint ? renderSteps(result.joint) : nothing} ${renderTokens(result)}`;

const renderSteps = ({ steps, score }: JointFillOutput): TemplateResult =>
  html`<div class="field">
    <h4>${say.steps}</h4>
    <ol class="steps">
      ${steps.map(
        (step) =>
          html`<li>
            ${say.step(step.mask + 1, code(step.token_str), percent(step.score))}
            <p class="muted" dir=${direction(step.sequence)}>${bytesShown(step.sequence)}</p>
          </li>`,
      )}
    </ol>
    <p class="small muted">${say.allTogether(percent(score))}</p>
  </div>`;

/** The tokens; those that are bytes of the text are shown as its characters. */
const renderTokens = ({ tokens, text }: FillMaskResult): TemplateResult =>
  html`<details>
    <summary>${count(tokens.length, 'token')} <span class="muted">${say.asRead}</span></summary>
    <div class="inside">
      <p class="small muted">${say.tokensAbout} ${help(say.tokenHelp, papers.wordpiece)}</p>
      <ol class="tokens">
        ${tokens.map(
          (token) =>
            html`<li class=${token.special ? 'special' : nothing}>
              <bdi>${isPlain(token) ? token.token : shown(token, { text, pair: '' })}</bdi
              ><small><span class="hidden-text">${words.frame.tokenNumber}</span>${token.id}</small>
            </li>`,
        )}
      </ol>
    </div>
  </details>`;

/** Whether a token is read as the vocabulary has it. */
const isPlain = ({ token }: TokenInfo): boolean => /^(?:##.*|[\u0020-\u007e]*)$/u.test(token);
