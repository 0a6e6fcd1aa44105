/**
 * The design tokens: every colour, face and measure the elements use, defined once.
 *
 * Each custom property can be overridden from the page on the element itself,
 * e.g. `cloze-fill-mask { --cloze-bert: teal }`. Light and dark follow the page's `color-scheme`.
 */
import { unsafeCSS } from 'lit';

/** The tokens as plain CSS text, for pages that want to share them. */
export const tokensText = `
:root, :host {
  /* ink on paper */
  --cloze-ink: light-dark(#1e1c19, #ece8df);
  --cloze-muted: light-dark(#5f5a52, #aaa398);
  --cloze-paper: light-dark(#fbfaf6, #161513);
  --cloze-inset: light-dark(#f3f1ea, #211f1c);
  --cloze-line: light-dark(#dcd7cb, #38342f);
  --cloze-control: light-dark(#8a8378, #7b7468);
  /* blue reads in both directions (BERT), amber left to right (GPT) */
  --cloze-bert: light-dark(#0a5a9c, #7db8ea);
  --cloze-gpt: light-dark(#8f5000, #e8a94f);
  --cloze-accent: var(--cloze-ink);
  --cloze-error: light-dark(#a8201a, #ff9a90);
  /* faces */
  --cloze-font: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif;
  --cloze-serif: ui-serif, 'Iowan Old Style', Charter, Georgia, Cambria, 'Noto Serif', 'Liberation Serif', serif;
  --cloze-mono: ui-monospace, SFMono-Regular, 'Cascadia Code', Menlo, Consolas, 'Liberation Mono', monospace;
  /* measures */
  --cloze-measure: 68ch;
  --cloze-target: 2.5rem;
  --cloze-radius: 0.375rem;
}
`;

/** The same tokens for an element's `static styles`. */
export const tokens = unsafeCSS(tokensText);
