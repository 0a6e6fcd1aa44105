/** What stands on a screen without a model: which kind suits, and some that can be fetched with one click. */
import { html, nothing, type TemplateResult } from 'lit';
import { env, type ModelInfo } from '../../index.js';
import { FINE_TUNED, type FineTunedHead } from '../../page/fine-tuned.js';
import { words } from '../../words/index.js';
import { bringWords } from '../../words/screens/bring.js';
import type { Invitation, InvitingScreen } from '../controllers/screen-parts.js';
import { count } from '../format.js';
import { take, type OfferHost } from './offer.js';
import { problemBelow } from './parts.js';

const say = bringWords;

/** An invitation to bring a model. */
function renderInvitation({ host, problem, parts }: InvitingScreen): TemplateResult {
  const { needs, offers } = parts.invitation!();
  const hub = new URL(env.remote_host, document.baseURI).host;
  // The playground has a screen for all other models.
  const others = document.querySelector('cloze-models');
  return html`<div class="offer" role="group" aria-label=${say.label}>
    <p><strong>${say.title}</strong> ${needs}</p>
    <ul>
      ${offers.map(
        (offer, index) =>
          html`<li>
            <button
              type="button"
              id=${index === 0 ? 'model' : nothing}
              aria-describedby=${index === 0 ? 'model-problem' : nothing}
              @click=${() => void take(host as OfferHost, offer, 'run')}
            >
              ${say.load(offer.name.split('/').at(-1)!, Math.round(offer.bytes / 1e6))}
            </button>
            <span class="small muted">${offer.about}</span>
          </li>`,
      )}
    </ul>
    ${problemBelow('model', problem.at('model'))}
    <p class="small muted">${say.fetched(hub)}</p>
    ${others ? html`<p class="small">${say.others} <a href="#task=models">${words.labels.models}</a>.</p>` : nothing}
  </div>`;
}

/** The invitation of a screen whose model needs a head; `abouts` say a few words on each model that is offered. */
export const invitationFor = (head: FineTunedHead, needs: string, abouts: readonly string[]): Invitation => ({
  render: renderInvitation,
  lack: say.first,
  needs,
  offers: FINE_TUNED[head].map(({ id, megabytes }, index) => ({
    model: id,
    name: id,
    bytes: megabytes * 1e6,
    about: abouts[index] ?? '',
  })),
});

/** So many classes are named. */
const MOST_CLASSES = 12;

/** Which classes a model tells apart, in words; nothing where it is not there yet. */
export function classesOf(info: ModelInfo | undefined): string[] {
  const labels = info?.labels ?? [];
  if (labels.length === 0) return [];
  const named = labels.slice(0, MOST_CLASSES);
  return [say.knows(count(labels.length, 'class'), named, labels.length - named.length)];
}
