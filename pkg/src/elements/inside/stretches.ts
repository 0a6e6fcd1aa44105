/** The words of a text as its reader sees them, in a row from which one is chosen. */
import { html, type TemplateResult } from 'lit';
import { rove } from '../widgets/roving.js';

/** A stretch of a text that can be chosen. */
export interface Stretch {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** More words than these are not offered. */
const MOST = 300;

/** What is taken whole: a mask, then words, as the browser parts them where there are no blanks. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  for (const { 0: part, index } of text.matchAll(/\[MASK\]|(?:(?!\[MASK\])[^])+/gu)) {
    if (part === '[MASK]') found.push({ text: part, start: index, end: index + part.length });
    else
      for (const { segment, index: at } of words.segment(part))
        if (segment.trim() !== '') found.push({ text: segment, start: index + at, end: index + at + segment.length });
  }
  return found;
}

const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The stretch at a place: the one it lies in, else the last one that begins before it. */
export const stretchAt = (all: readonly Stretch[], at: number): Stretch | undefined =>
  all.findLast(({ start }) => start <= at) ?? all[0];

/** A row of stretches. */
export interface StretchPicker {
  readonly id: string;
  readonly label: string;
  readonly all: readonly Stretch[];
  readonly chosen: Stretch | undefined;
  /** Whether the arrow keys choose as they move. */
  readonly follow?: true;
  choose(stretch: Stretch): void;
}

/** The row: one tab stop, arrow keys move in it. */
export function stretchPicker({ id, label, all, chosen, follow, choose }: StretchPicker): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    rove(event, [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button')]);
  };
  const shown = all.slice(0, MOST);
  const stop = Math.max(
    0,
    shown.findIndex(({ start }) => start === chosen?.start),
  );
  return html`<div class="field">
    <span class="label" id="${id}-label">${label}</span>
    <div class="picker stretches" id=${id} role="group" aria-labelledby="${id}-label" dir="auto" @keydown=${onKey}>
      ${shown.map(
        (stretch, index) =>
          html`<button
            type="button"
            tabindex=${index === stop ? '0' : '-1'}
            aria-pressed=${stretch.start === chosen?.start ? 'true' : 'false'}
            @click=${() => choose(stretch)}
            @focus=${() => follow && stretch.start !== chosen?.start && choose(stretch)}
          >
            <bdi>${stretch.text}</bdi>
          </button>`,
      )}
    </div>
  </div>`;
}
