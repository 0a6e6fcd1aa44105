/** A conversation as a list of turns, for the Generate screen with a model that can talk. */
import { css, html, type TemplateResult } from 'lit';
import type { ChatMessage } from '../index.js';

/** The look of the turns. */
export const conversationStyles = css`
  .log {
    display: grid;
    gap: 1.25rem;
    align-content: start;
  }
  .turn {
    display: grid;
    gap: 0.25rem;
    min-width: 0;
  }
  .turn > .who {
    color: var(--cloze-muted);
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .turn > .said {
    max-width: var(--cloze-measure);
    font-family: var(--cloze-serif);
    font-size: 1.125rem;
    line-height: 1.6;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .turn.user > .said {
    justify-self: start;
    padding: 0.5rem 0.875rem;
    background: var(--cloze-inset);
    border-radius: var(--cloze-radius);
  }
  /* Side by side, the box for the message stays where it is while the conversation grows. */
  @container (min-width: 52rem) {
    :host([talking]) .input {
      position: sticky;
      top: 1rem;
    }
  }
  /* Stacked, the conversation scrolls by itself, so that the box stays near. */
  @container (max-width: 51.99rem) {
    .log {
      max-height: 65vh;
      overflow-y: auto;
    }
  }
`;

/** What was said, in turn: the user begins. */
export function turnsOf(said: readonly string[], system = ''): ChatMessage[] {
  const turns = said.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));
  return system.trim() === '' ? turns : [{ role: 'system', content: system }, ...turns];
}

/** A conversation in which the last message has its answer, or is taken back: so that the user is next. */
export interface Settled {
  readonly said: readonly string[];
  /** A message without an answer. */
  readonly unanswered: string | undefined;
}

/** Ends a turn that was broken off: what was written of the answer is the answer. */
export function settle(said: readonly string[], written: string): Settled {
  if (said.length % 2 === 0) return { said, unanswered: undefined };
  if (written !== '') return { said: [...said, written], unanswered: undefined };
  return { said: said.slice(0, -1), unanswered: said.at(-1) };
}

/** A message that was taken back, and what has been typed since. */
export const joined = (unanswered: string | undefined, typed: string): string =>
  [unanswered ?? '', typed].filter((text) => text.trim() !== '').join('\n\n');

const WHO: Readonly<Record<string, string>> = { user: 'You', assistant: 'Model' };

/** One turn; `content` may be what is being written. */
export function turn(role: string, content: string | TemplateResult): TemplateResult {
  return html`<div class="turn ${role}">
    <p class="who">${WHO[role] ?? role}</p>
    ${typeof content === 'string' ? html`<p class="said">${content.trim()}</p>` : content}
  </div>`;
}

/** The conversation as plain text. */
export const asText = (said: readonly string[]): string =>
  turnsOf(said)
    .map(({ role, content }) => `${WHO[role]}: ${content.trim()}`)
    .join('\n\n');
