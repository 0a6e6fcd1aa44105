/** The frame of a screen that runs a model: what it is, input and buttons, what is being done, results and facts. */
import { html, nothing, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import type { AnyPipeline, ScreenController } from '../controllers/screen.js';
import { sentence } from '../controllers/problem.js';
import { renderInvitation } from './invitation.js';
import { problemWithRetry, renderLoading } from './loading.js';
import { code, factList } from './parts.js';

const say = words.frame;

/** The whole screen. */
export function renderScreen<S extends object, P extends AnyPipeline, R>(
  screen: ScreenController<S, P, R>,
): TemplateResult {
  const { parts, running } = screen;
  return html`<div class="screen runs ${parts.wide ? 'wide' : ''}">
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
        <div class="row spread head">
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
        ${renderLoading(screen)}
        ${screen.lacking || screen.model.state === 'failed' ? renderInvitation(screen) : nothing}
        ${parts.renderResults()} ${renderFacts(screen)}
      </section>
    </div>
  </div>`;
}

/** Any screen, for templates that do not look at its state or result. */
type AnyScreen = Pick<
  ScreenController<never, AnyPipeline, unknown>,
  'host' | 'model' | 'problem' | 'running' | 'status' | 'retry' | 'reloads'
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
  // Beside the results it is said how far a load is; here, that a run waits for it.
  const heard = screen.model.state === 'loading' && !screen.running;
  return html`<div class="doing">
    ${screen.model.warnings.map((warning) => html`<p class="small" data-warning>${sentence(warning)}</p>`)}
    <p role="status" class=${heard ? 'hidden-text' : 'muted'}>${screen.status}</p>
    ${current?.at === 'run' ? problemWithRetry(screen) : nothing}
  </div>`;
}

function renderFacts<S extends object, P extends AnyPipeline, R>({
  parts,
}: ScreenController<S, P, R>): TemplateResult | typeof nothing {
  const facts = parts.facts();
  return facts.length > 0 ? factList(facts) : nothing;
}

const isApple = (): boolean => /mac|iphone|ipad/iu.test(navigator.platform);
