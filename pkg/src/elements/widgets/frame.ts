/** The frame of a screen that runs a model: what it is, input and buttons, what is being done, results and facts. */
import { html, nothing, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import type { AnyPipeline, ScreenController } from '../controllers/screen.js';
import { sentence } from '../controllers/problem.js';
import { timeLeft, transferred } from '../format.js';
import { code, factList } from './parts.js';

const say = words.frame;

/** The whole screen. */
export function renderScreen<S extends object, P extends AnyPipeline, R>(
  screen: ScreenController<S, P, R>,
): TemplateResult {
  const { parts, running } = screen;
  return html`<div class="screen">
    <header class="about">${parts.renderAbout()} ${renderModelName(screen)}</header>
    <div class="columns">
      <div class="input">
        ${renderExamples(screen)} ${parts.renderInput()}
        <div class="row">
          <button type="button" id="run" class="primary" @click=${() => void screen.run()}>${parts.verb()}</button>
          ${parts.renderActions?.() ?? nothing}
          <button type="button" id="stop" class=${running ? '' : 'away'} @click=${() => screen.stop()}>
            ${say.stop}
          </button>
          <span class="keys" aria-hidden="true">${say.keys(isApple() ? '⌘' : 'Ctrl')}</span>
        </div>
        ${renderDoing(screen)} ${parts.renderSettings?.() ?? nothing}
      </div>
      <section class="results" aria-labelledby="results-title" aria-busy=${running ? 'true' : 'false'}>
        <div class="row spread">
          <h3 id="results-title">${say.results}</h3>
          <div class="row">
            <button
              type="button"
              class="quiet"
              ?disabled=${parts.copyable() === undefined}
              @click=${() => void screen.copy()}
            >
              ${say.copy}
            </button>
            <button type="button" class="quiet" @click=${() => void screen.share()}>${say.shareLink}</button>
          </div>
        </div>
        ${parts.renderResults()} ${renderFacts(screen)}
      </section>
    </div>
  </div>`;
}

/** Any screen, for templates that do not look at its state or result. */
type AnyScreen = Pick<
  ScreenController<never, AnyPipeline, unknown>,
  'host' | 'model' | 'problem' | 'running' | 'status' | 'stop' | 'retry'
>;

/** Which model this screen uses, where it is not the one that the words above are about. */
function renderModelName({ host }: AnyScreen): TemplateResult | typeof nothing {
  const name = host.modelName ?? (typeof host.model === 'string' ? host.model : '');
  if (!host.model || name === '') return nothing;
  return html`<p class="small" id="model-name">${say.nowWith(code(name))}</p>`;
}

function renderExamples<S extends object, P extends AnyPipeline, R>(screen: ScreenController<S, P, R>): TemplateResult {
  return html`<div class="row" role="group" aria-label=${say.examples}>
    <span class="small muted" aria-hidden="true">${say.tryOne}</span>
    ${screen.parts
      .examples()
      .map(
        (example) =>
          html`<button type="button" class="chip" @click=${() => screen.runExample(example)}>${example.name}</button>`,
      )}
  </div>`;
}

function renderDoing(screen: AnyScreen): TemplateResult {
  const { current } = screen.problem;
  const loading = screen.model.state === 'loading';
  return html`<div class="doing">
    ${loading ? renderLoading(screen) : nothing}
    ${screen.model.warnings.map((warning) => html`<p class="small" data-warning>${sentence(warning)}</p>`)}
    <p role="status" class=${loading ? 'hidden-text' : 'muted'}>${screen.status}</p>
    ${
      current && ['load', 'run'].includes(current.at)
        ? html`<div class="problem" role="alert">
            <p>${current.message}</p>
            <button type="button" id="retry" @click=${() => screen.retry()}>${say.retry}</button>
          </div>`
        : nothing
    }
  </div>`;
}

function renderLoading(screen: AnyScreen): TemplateResult {
  const { progress, paused } = screen.model;
  const { loaded, total, rate, seconds_left } = progress ?? {};
  const doing = progress?.message ?? (paused ? say.paused : say.startingWorker);
  const amount = loaded === undefined ? '' : transferred(loaded, total, rate);
  const left = seconds_left ? `, ${timeLeft(seconds_left)}` : '';
  return html`<div class="field">
    <div class="row spread">
      <span id="loading-words"
        >${amount && !doing.includes('MB') ? say.progress(doing, `${amount}${left}`) : doing}</span
      >
      <span class="row">
        ${
          paused || (loaded !== undefined && !screen.running)
            ? html`<button type="button" class="quiet" @click=${() => screen.model.togglePause()}>
                ${paused ? say.resumeLoading : say.pauseLoading}
              </button>`
            : nothing
        }
        ${
          screen.running
            ? nothing
            : html`<button type="button" class="quiet" @click=${() => screen.stop()}>${say.stopLoading}</button>`
        }
      </span>
    </div>
    ${progressBar(loaded, total)}
  </div>`;
}

/** How much of a load is there; without figures, that something is being done. */
export function progressBar(loaded: number | undefined, total: number | undefined): TemplateResult {
  return loaded !== undefined && total
    ? html`<progress aria-labelledby="loading-words" max=${total} .value=${loaded}></progress>`
    : html`<progress aria-labelledby="loading-words"></progress>`;
}

function renderFacts<S extends object, P extends AnyPipeline, R>({
  parts,
}: ScreenController<S, P, R>): TemplateResult | typeof nothing {
  const facts = parts.facts();
  return facts.length > 0 ? factList(facts) : nothing;
}

const isApple = (): boolean => /mac|iphone|ipad/iu.test(navigator.platform);
