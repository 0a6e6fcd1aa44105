/** Tokens as the views show them, and the row from which one is chosen. */
import { html, nothing, type TemplateResult } from 'lit';
import type { TokenInfo } from '../../index.js';
import { spokenToken, visibleSpaces } from '../format.js';
import { shown, type Texts } from '../token-faces.js';
import { rove } from '../widgets/roving.js';

export { shown, type Texts };

/** All tokens of a text for people. */
export const allShown = (tokens: readonly TokenInfo[], texts: Texts): string[] =>
  tokens.map((token) => shown(token, texts));

/** The token that is looked at, brought into the text. */
export const within = (token: number, tokens: readonly unknown[]): number => Math.min(token, tokens.length - 1);

/** The token of another reading of the same text that stands where one of this reading does; else the one of the same number. */
export function sameplace(
  tokens: readonly TokenInfo[],
  token: number,
  others: readonly TokenInfo[],
  sameText: boolean,
): number {
  const { sequence, start, end } = tokens[token]!;
  const found = others.findIndex((one) => one.sequence === sequence && one.start < end && start < one.end);
  return sameText && sequence !== null && found >= 0 ? found : within(token, others);
}

/** A row of tokens, of which one is chosen. */
export interface Picker {
  readonly label: string;
  readonly tokens: readonly TokenInfo[];
  readonly names: readonly string[];
  readonly chosen: number;
  choose(index: number): void;
}

/** The row: one tab stop; arrow keys move in it and choose. */
export function tokenPicker({ label, tokens, names, chosen, choose }: Picker): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const row = event.currentTarget as HTMLElement;
    rove(event, [...row.querySelectorAll('button')]);
  };
  return html`<div class="picker" role="group" aria-label=${label} @keydown=${onKey}>
    ${names.map(
      (name, index) =>
        html`<button
          type="button"
          class=${tokens[index]!.special ? 'special' : nothing}
          tabindex=${index === chosen ? 0 : -1}
          aria-pressed=${index === chosen ? 'true' : 'false'}
          aria-label=${name.trim() === '' || name.includes('␣') ? spokenToken(name.replaceAll('␣', ' ')) : nothing}
          @click=${() => choose(index)}
          @focus=${() => index === chosen || choose(index)}
        >
          <bdi>${name}</bdi>
        </button>`,
    )}
  </div>`;
}

/** A token of the vocabulary for people: `Ġthe` and `▁the` are `␣the`. */
export const readable = (token: string): string => visibleSpaces(token.replaceAll(/[Ġ▁]/gu, ' ').replaceAll('Ċ', '\n'));
