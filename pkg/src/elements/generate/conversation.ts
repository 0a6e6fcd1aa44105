/** A conversation as a list of turns, for the Generate screen with a model that can talk. */
import { html, type TemplateResult } from 'lit';
import type { ChatMessage } from '../../index.js';
import { generateWords } from '../../words/screens/generate.js';
import { bytesShown } from '../format.js';

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

const say = generateWords.chat;

/** Who speaks; `model` where several did. */
export const who = (role: string, model?: string): string =>
  role === 'assistant' && model ? say.who.model(model) : role === 'user' || role === 'assistant' ? say.who[role] : role;

/** One turn; `content` may be what is being written. */
export function turn(role: string, content: string | TemplateResult, model?: string): TemplateResult {
  return html`<div class="turn ${role}">
    <p class="who">${who(role, model)}</p>
    ${typeof content === 'string' ? html`<p class="said" dir="auto">${role === 'user' ? content.trim() : bytesShown(content.trim())}</p>` : content}
  </div>`;
}

/** The conversation as plain text. */
export const asText = (said: readonly string[]): string =>
  turnsOf(said)
    .map(({ role, content }) => say.said(who(role), content.trim()))
    .join('\n\n');
