/** How far the load of a screen's model is, and what can be done about it: at the head of the results. */
import { html, nothing, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import type { ScreenController } from '../controllers/screen.js';
import type { AnyPipeline } from '../controllers/screen-parts.js';
import { commas, timeLeft, transferred } from '../format.js';

const say = words.frame;

/** What is read here of a screen, whatever its state and result are. */
type LoadingScreen = Pick<
  ScreenController<never, AnyPipeline, unknown>,
  'model' | 'problem' | 'running' | 'stop' | 'retry' | 'reloads'
> & { readonly parts: { verb(): string } };

/** The load under way, or what it failed of. Where the results lie below the fold, it stays in sight at the lower edge. */
export function renderLoading(screen: LoadingScreen): TemplateResult | typeof nothing {
  if (screen.problem.current?.at === 'load') return html`<div class="loading failed">${problemWithRetry(screen)}</div>`;
  if (screen.model.state !== 'loading') return nothing;
  const { progress, paused, fetching } = screen.model;
  const { loaded, total, rate, seconds_left } = progress?.whole ?? {};
  const waiting = progress?.status === 'waiting' ? progress.message : undefined;
  const doing = paused ? say.paused : (waiting ?? (fetching ? say.fetching : say.opening));
  const amount = loaded === undefined ? '' : transferred(loaded, total, paused ? undefined : rate);
  const left = seconds_left === undefined || paused ? '' : commas('', timeLeft(seconds_left));
  const verb = screen.parts.verb();
  return html`<div class="loading">
    <p id="loading-words"><strong>${doing}</strong>${amount ? html`<br />${amount}${left}` : nothing}</p>
    ${progressBar(loaded, total)}
    <p class="small muted hint">${screen.running ? say.remembered(verb) : say.meanwhile(verb)}</p>
    <div class="row">
      <button type="button" @click=${() => screen.model.togglePause()}>
        ${paused ? say.resumeLoading : say.pauseLoading}
      </button>
      <button type="button" @click=${() => screen.stop()}>${say.stopLoading}</button>
    </div>
  </div>`;
}

/** What went wrong, and a button to try again, or to reload the page where nothing else helps. */
export const problemWithRetry = (screen: Pick<LoadingScreen, 'problem' | 'retry' | 'reloads'>): TemplateResult =>
  html`<div class="problem" part="problem" role="alert">
    <p>${screen.problem.current!.message}</p>
    <button type="button" id="retry" @click=${() => screen.retry()}>${screen.reloads ? say.reload : say.retry}</button>
  </div>`;

/** How much of a load is there; without figures, that something is being done. */
export function progressBar(loaded: number | undefined, total: number | undefined): TemplateResult {
  return loaded !== undefined && total
    ? html`<progress aria-labelledby="loading-words" max=${total} .value=${loaded}></progress>`
    : html`<progress aria-labelledby="loading-words"></progress>`;
}
