/** The buttons of a step, what is being done, and its curve. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ChatPhase } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { problemText } from '../../controllers/problem.js';
import { count, labelled, milliseconds, number, transferred } from '../../format.js';
import { renderLoss } from './result-part.js';
import type { ChatSession } from './session.js';

const say = trainWords.chatSteps;

/** What the part needs of its view. */
interface Around {
  begin(phase: ChatPhase): void;
  anew(): void;
  /** Where a curve is drawn. */
  plot(): Parameters<typeof renderLoss>[2];
}

/** See the head of this file. */
export class StartPart {
  constructor(private readonly around: Around) {}

  /** The buttons of a step, what is being done, and its curve. */
  render(session: ChatSession | undefined, phase: ChatPhase): TemplateResult {
    const { begin, anew, plot } = this.around;
    const busy = session?.busy ?? false;
    const log = session?.logs.get(phase);
    const here = session?.phase === phase || (session?.phase === undefined && phase === 'supervised');
    const name = labelled(say.steps[phase], log ? say.further : say.start);
    return html`<div class="row">
        <button
          type="button"
          id="start-${phase}"
          class="primary"
          aria-label=${name}
          ?disabled=${session?.taken ?? false}
          @click=${() => begin(phase)}
        >
          ${log ? say.further : say.start}
        </button>
        ${
          here && ['opening', 'preparing', 'running'].includes(session?.state ?? '')
            ? html`<button type="button" id="stop" @click=${() => void session!.stop()}>${say.stop}</button>`
            : nothing
        }
        ${
          here && session?.state === 'paused'
            ? html`<button type="button" id="go-on" @click=${() => void session.resume()}>${say.goOn}</button>`
            : nothing
        }
        ${
          phase === 'supervised' && session && (session.logs.size > 0 || session.state === 'failed')
            ? html`<button
                type="button"
                class="quiet"
                id="anew"
                title=${say.anewAbout}
                ?disabled=${busy}
                @click=${anew}
              >
                ${say.anew}
              </button>`
            : nothing
        }
      </div>
      ${here && session ? this.#renderDoing(session) : nothing}
      ${log && log.cut > 0 ? html`<p class="small muted">${say.cut(count(log.cut, 'example'))}</p>` : nothing}
      ${log && log.steps.length > 0 ? renderLoss(phase, log, plot()) : nothing}`;
  }

  #renderDoing(session: ChatSession): TemplateResult {
    const { state, phase, sampled, load } = session;
    if (state === 'failed' && session.error !== undefined)
      return html`<div class="problem" role="alert"><p>${problemText(session.error)}</p></div>`;
    const log = phase && session.logs.get(phase);
    const [done, total] =
      state === 'running'
        ? [log?.steps.length, log?.total]
        : state === 'sampling' || state === 'preparing'
          ? [sampled.done, sampled.total]
          : [load?.whole?.loaded, load?.whole?.total];
    return html`<div class="loading" id="doing">
      <p id="loading-words">${doing(session)}</p>
      ${
        session.busy
          ? total
            ? html`<progress aria-labelledby="loading-words" max=${total} .value=${done ?? 0}></progress>`
            : html`<progress aria-labelledby="loading-words"></progress>`
          : nothing
      }
      ${
        session.unsaved
          ? html`<p class="small muted" id="unsaved">${trainWords.keeping.unsaved(problemText(session.unsaved))}</p>`
          : nothing
      }
    </div>`;
  }
}

/** What is being done, or was. */
export function doing(session: ChatSession): string {
  const { state, load, sampled, phase } = session;
  const log = phase && session.logs.get(phase);
  const words = say.doing;
  const step = number(log?.steps.length ?? 0);
  if (state === 'opening') {
    const { loaded, total, rate } = load?.whole ?? {};
    return loaded === undefined ? words.opening : words.fetching(transferred(loaded, total, rate));
  }
  if (state === 'sampling')
    return sampled.total > 0 ? words.sampling(number(sampled.done), number(sampled.total)) : words.writing;
  if (state === 'running') return words.running(step, number(log?.total ?? 0));
  if (state === 'preparing') return words.preparing(number(sampled.done), number(sampled.total));
  if (state === 'checking') return words.checking;
  if (state === 'paused') return words.paused(step);
  return log ? words.over(count(log.steps.length, 'update'), milliseconds(log.ms)) : '';
}
