/** The frame of a screen that runs a model: what it is, input and buttons, what is being done, results and facts. */
import { html, nothing, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import { hasSlotted, isFull, shows } from '../appearance.js';
import type { ScreenController } from '../controllers/screen.js';
import type { AnyPipeline, ScreenHost } from '../controllers/screen-parts.js';
import { sentence } from '../controllers/problem.js';
import { landmark } from '../landmarks.js';
import { problemWithRetry, renderLoading } from './loading.js';
import { code, factList } from './parts.js';

const say = words.frame;

/** The screen, or as much of it as the page wants. */
export function renderScreen<S extends object, P extends AnyPipeline, R>(
  screen: ScreenController<S, P, R>,
): TemplateResult {
  const { parts, host } = screen;
  const look = {
    screen: true,
    runs: true,
    wide: parts.wide === true,
    compact: !isFull(host),
    explained: shows(host, 'explain'),
  };
  return html`<div class=${names(look)} part="base">
    ${renderHeader(screen)}
    <fieldset class="columns" role="none" ?disabled=${host.matches(':disabled')}>
      ${renderInput(screen)} ${renderResults(screen)}
    </fieldset>
    ${hasSlotted(host, 'footer') ? html`<footer part="footer"><slot name="footer"></slot></footer>` : nothing}
  </div>`;
}

const names = (given: Readonly<Record<string, boolean>>): string =>
  Object.keys(given)
    .filter((name) => given[name])
    .join(' ');

/** What the screen is, and what is chosen before anything is typed; nothing where none of it is wanted. */
function renderHeader<S extends object, P extends AnyPipeline, R>({
  host,
  parts,
}: ScreenController<S, P, R>): TemplateResult | typeof nothing {
  const heading = shows(host, 'heading') || hasSlotted(host, 'heading');
  const about = shows(host, 'explain') || hasSlotted(host, 'about');
  const first = parts.renderFirst?.() ?? nothing;
  if (!heading && !about && first === nothing) return nothing;
  return html`<header class="about" part="header">
    ${heading ? html`<slot name="heading"><h2 part="heading">${parts.title()}</h2></slot>` : nothing}
    ${about ? html`<slot name="about">${parts.renderAbout()}</slot>` : nothing} ${first}
    ${shows(host, 'explain') ? renderModelName(host) : nothing}
  </header>`;
}

function renderInput<S extends object, P extends AnyPipeline, R>(screen: ScreenController<S, P, R>): TemplateResult {
  const { parts, running, host } = screen;
  const settings = shows(host, 'settings') ? parts.renderSettings?.() : undefined;
  return html`<div class="input">
    ${shows(host, 'examples') ? renderExamples(screen) : nothing} ${parts.renderInput()}
    <div class="row">
      <button type="button" id="run" part="button" class="primary" @click=${() => void screen.run()}>
        ${parts.verb()}
      </button>
      ${parts.renderActions?.() ?? nothing}
      <button type="button" id="stop" part="stop" class=${running ? '' : 'away'} @click=${() => screen.stop()}>
        ${say.stop}
      </button>
      ${isFull(host) ? nothing : renderStatus(screen)}
      <span class="keys" aria-hidden="true">${say.keys(isApple() ? '⌘' : 'Ctrl')}</span>
    </div>
    ${renderDoing(screen)} ${settings ? html`<div part="settings">${settings}</div>` : nothing}
  </div>`;
}

function renderResults<S extends object, P extends AnyPipeline, R>(screen: ScreenController<S, P, R>): TemplateResult {
  const { parts, running, host } = screen;
  return html`<section
    class="results"
    part="results"
    aria-label=${landmark(say.results, host)}
    aria-busy=${running ? 'true' : 'false'}
  >
    ${renderResultsHead(screen)} ${renderLoading(screen)}
    ${screen.lacking || screen.model.state === 'failed' ? (parts.invitation?.().render(screen) ?? nothing) : nothing}
    ${parts.renderResults()} ${shows(host, 'facts') ? renderFacts(screen) : nothing}
  </section>`;
}

/** The heading of the results, and what can be done with them. A link is offered where the page says what it leads to. */
function renderResultsHead<S extends object, P extends AnyPipeline, R>(
  screen: ScreenController<S, P, R>,
): TemplateResult | typeof nothing {
  const { host, parts } = screen;
  const full = isFull(host);
  const copy = shows(host, 'copy');
  const share = Boolean(host.shareUrl);
  if (!full && !copy && !share) return nothing;
  const button = (name: string, act: () => Promise<void>, disabled: boolean): TemplateResult =>
    html`<button type="button" class="quiet" ?disabled=${disabled} @click=${() => void act()}>${name}</button>`;
  return html`<div class="row spread head">
    ${full ? html`<h3>${say.results}</h3>` : nothing}
    <div class="row">
      ${copy ? button(say.copy, () => screen.copy(), parts.copyable() === undefined) : nothing}
      ${copy ? button(say.saveRun, () => screen.save(), !screen.savable) : nothing}
      ${share ? button(say.shareLink, () => screen.share(), false) : nothing}
    </div>
  </div>`;
}

/** Any screen, for templates that do not look at its state or result. */
type AnyScreen = Pick<
  ScreenController<never, AnyPipeline, unknown>,
  'host' | 'model' | 'problem' | 'running' | 'status' | 'retry' | 'reloads'
> & { readonly beginning: { readonly problems: readonly string[] } };

/** Which model this screen uses, where it is not the one that the words above are about. */
function renderModelName(host: ScreenHost): TemplateResult | typeof nothing {
  const name = host.modelName ?? (typeof host.model === 'string' ? host.model : '');
  if (!host.model || name === '') return nothing;
  return html`<p class="small" id="model-name">${say.nowWith(code(name))}</p>`;
}

function renderExamples<S extends object, P extends AnyPipeline, R>(screen: ScreenController<S, P, R>): TemplateResult {
  return html`<div class="row" part="examples" role="group" aria-label=${say.examples}>
    <span class="small muted" aria-hidden="true">${say.tryOne}</span>
    ${screen.examples.map(
      (example) =>
        html`<button type="button" part="example" class="chip" @click=${() => screen.runExample(example)}>
          ${example.name}
        </button>`,
    )}
  </div>`;
}

function renderDoing(screen: AnyScreen): TemplateResult {
  const { current } = screen.problem;
  return html`<div class="doing">
    ${screen.beginning.problems.map(
      (problem) => html`<div class="problem" part="problem" role="alert"><p>${sentence(problem)}</p></div>`,
    )}
    ${screen.model.warnings.map((warning) => html`<p class="small" data-warning>${sentence(warning)}</p>`)}
    ${isFull(screen.host) ? renderStatus(screen) : nothing}
    ${current?.at === 'run' ? problemWithRetry(screen) : nothing}
  </div>`;
}

/** What is being done: below the buttons of a full screen, beside those of a compact one. */
function renderStatus(screen: Pick<AnyScreen, 'model' | 'running' | 'status'>): TemplateResult {
  // Beside the results it is said how far a load is; here, that a run waits for it.
  const heard = screen.model.state === 'loading' && !screen.running;
  return html`<p role="status" part="status" class=${heard ? 'hidden-text' : 'muted'}>${screen.status}</p>`;
}

function renderFacts<S extends object, P extends AnyPipeline, R>({
  parts,
}: ScreenController<S, P, R>): TemplateResult | typeof nothing {
  const facts = parts.facts();
  return facts.length > 0 ? factList(facts) : nothing;
}

const isApple = (): boolean => /mac|iphone|ipad/iu.test(navigator.platform);
