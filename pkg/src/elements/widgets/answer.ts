/** What stands above an answer: what to think of it, and whose it is. */
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import { shows } from '../appearance.js';
import type { ScreenController } from '../controllers/screen.js';
import type { AnyPipeline } from '../controllers/screen-parts.js';
import type { foreign } from '../language.js';
import { apart } from './parts.js';

const say = words.frame;

/** A screen, for templates that do not look at its state or result. */
type AnyScreen = Pick<ScreenController<never, AnyPipeline, unknown>, 'host' | 'answerer' | 'englishOnly'>;

/** What is typed, when it is no English and the model knows nothing else; then the answer, and which model gave it. */
export function renderAnswer(screen: AnyScreen, typed: string, answer: TemplateResult): TemplateResult {
  // Without a word of caution the box is `:empty`: no blanks in it.
  const caution = screen.englishOnly ? renderForeign(screen.host, typed) : nothing;
  return html`<div aria-live="polite" id="foreign">${caution}</div>
    ${answer} ${shows(screen.host, 'facts') ? renderAnswerer(screen) : nothing}`;
}

/** Tells other languages from English: fetched once a screen shows a text. */
let judge: typeof foreign | undefined;

/** What is typed, when it is no English. */
export function renderForeign(host: ReactiveControllerHost, typed: string): TemplateResult | typeof nothing {
  if (!judge) void fetchJudge(host);
  const found = judge?.(typed);
  if (!found) return nothing;
  const { script } = found;
  return html`<p class="caution">${script === undefined ? say.otherLanguage : say.otherScript(script)}</p>`;
}

/** Without it there is no word of caution, and all else stands. */
async function fetchJudge(host: ReactiveControllerHost): Promise<void> {
  const module = await import('../language.js').catch(() => undefined);
  if (!module) return;
  judge = module.foreign;
  host.requestUpdate();
}

function renderAnswerer({ answerer }: AnyScreen): TemplateResult | typeof nothing {
  if (!answerer) return nothing;
  const name = answerer.name || (answerer.info.heads.includes('lm') ? say.ownGpt : say.ownBert);
  return html`<p class="small muted" id="answerer">${say.answerOf(apart(name))}</p>`;
}
