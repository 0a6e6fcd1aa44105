/** A better model, one click away. */
import { html, nothing, type TemplateResult } from 'lit';
import { offerWords } from '../../words/screens/offer.js';
import { focusControl } from '../controllers/host.js';
import type { ModelOffer, ScreenHost } from '../controllers/screen-parts.js';
import { megabytes } from '../format.js';

/** An element that can be given the model that it is offered. */
export interface OfferHost extends ScreenHost {
  model: ScreenHost['model'];
  modelName: string | undefined;
  token: string | undefined;
  load(): Promise<void>;
}

/** The offer on a screen that has its own model, or the way back; `why` says what the offered model is better at. */
export function renderOffer(host: OfferHost, why: string): TemplateResult | typeof nothing {
  const { offer, model } = host;
  const own = model === undefined || model === null;
  const say = offerWords;
  if (!offer || (!own && model !== offer.model)) return nothing;
  if (!own)
    return html`<div class="row" role="group" aria-label=${say.label}>
      <button type="button" id="offer" @click=${() => void take(host, undefined)}>${say.back}</button>
    </div>`;
  return html`<div class="offer" role="group" aria-label=${say.label}>
    <p><strong>${say.better(offer.name)}</strong> ${why}</p>
    <div class="row">
      <button type="button" id="offer" @click=${() => void take(host, offer)}>
        ${say.take(offer.name, megabytes(offer.bytes))}
      </button>
      <span class="small muted">${offer.from ? say.fromHost(offer.from) : say.fromHere}</span>
    </div>
  </div>`;
}

/**
 * Gives a screen the model, or its own again, and loads it; the control `focus` has the focus then. A page that does that
 * itself prevents the event's default.
 */
export async function take(host: OfferHost, offer: ModelOffer | undefined, focus = 'offer'): Promise<void> {
  const event = new CustomEvent('cloze-offer', { detail: offer, bubbles: true, composed: true, cancelable: true });
  if (host.dispatchEvent(event)) {
    host.model = offer?.model;
    host.modelName = offer?.name;
    // It was typed for the model before.
    host.token = undefined;
  }
  // Then the model that was there is let go.
  await host.updateComplete;
  // The button that was pressed has made way for the other one.
  focusControl(host, focus);
  // What goes wrong is said beside the button that runs the screen.
  await host.load().catch(() => undefined);
}
