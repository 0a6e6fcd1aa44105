/** Text, and what every element needs. */
import { css } from 'lit';

/** Text, and what every element needs. */
export const text = css`
  :host {
    display: block;
    container-type: inline-size;
    color: var(--cloze-ink);
    font: 400 1rem/1.55 var(--cloze-font);
    text-align: start;
    overflow-wrap: break-word;
    --hue: var(--cloze-bert);
  }
  /* Where the page asks for another theme than its own, the element brings its paper with it. */
  :host(:is([theme='light'], [theme='dark'])) {
    padding: 1rem;
    background: var(--cloze-paper);
    border-radius: var(--cloze-radius);
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h2,
  h3,
  h4,
  p,
  ol,
  ul,
  dl,
  dd,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  h2 {
    font-size: 1.375rem;
    line-height: 1.25;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  h3 {
    font-size: 1.0625rem;
    line-height: 1.3;
    font-weight: 650;
  }
  h4 {
    font-size: 0.9375rem;
    font-weight: 650;
  }
  h4 .muted {
    font-weight: 400;
  }
  p {
    max-width: var(--cloze-measure);
  }
  a {
    color: inherit;
    text-underline-offset: 0.15em;
  }
  .muted {
    color: var(--cloze-muted);
  }
  .small {
    font-size: 0.875rem;
    line-height: 1.45;
  }
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .token {
    font-family: var(--cloze-mono);
    font-size: 0.9375em;
  }
  :focus-visible {
    outline: 2px solid var(--hue);
    outline-offset: 2px;
    border-radius: 2px;
  }
`;
