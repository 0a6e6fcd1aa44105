/** The look shared by all screens: a well-set page, ink on paper. Colours and faces come from the tokens. */
import { css } from 'lit';

/** Text, controls, tables and the two columns. */
export const shared = css`
  :host {
    display: block;
    container-type: inline-size;
    color: var(--cloze-ink);
    font: 400 1rem/1.55 var(--cloze-font);
    text-align: start;
    overflow-wrap: break-word;
    --hue: var(--cloze-bert);
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

  /* The page: what it is, then input and results side by side, stacked where it is narrow. */
  .screen {
    display: grid;
    gap: 1.75rem;
  }
  .about {
    display: grid;
    gap: 0.5rem;
  }
  .columns {
    display: grid;
    gap: 2.25rem 3rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .input,
  .results {
    display: grid;
    gap: 1.25rem;
    align-content: start;
    min-width: 0;
  }
  .results {
    padding-top: 1.5rem;
    border-top: 1px solid var(--cloze-line);
  }
  @container (min-width: 52rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
    .results {
      min-height: 28rem;
      padding: 0 0 0 3rem;
      border-top: 0;
      border-inline-start: 1px solid var(--cloze-line);
    }
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  .spread {
    justify-content: space-between;
  }

  /* Controls */
  label,
  legend,
  .label {
    font-weight: 600;
    font-size: 0.9375rem;
    padding: 0;
  }
  .field {
    display: grid;
    gap: 0.375rem;
    min-width: 0;
  }
  .with-control {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.5rem;
  }
  textarea,
  input[type='text'],
  input[type='password'],
  input[type='number'],
  select {
    width: 100%;
    min-height: var(--cloze-target);
    margin: 0;
    padding: 0.5rem 0.75rem;
    color: var(--cloze-ink);
    background: light-dark(#fff, #0f0e0d);
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
    font: inherit;
    line-height: 1.5;
  }
  input:disabled {
    color: var(--cloze-muted);
    background: transparent;
    border-color: var(--cloze-line);
  }
  textarea {
    display: block;
    resize: vertical;
    max-width: none;
    font-family: var(--cloze-serif);
    font-size: 1.125rem;
  }
  [aria-invalid='true'] {
    border-color: var(--cloze-error);
    border-width: 2px;
  }
  input[type='checkbox'],
  input[type='radio'] {
    width: 1.125rem;
    height: 1.125rem;
    margin: 0;
    flex: none;
    accent-color: var(--hue);
  }
  .choice {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-height: var(--cloze-target);
    font-weight: 400;
    cursor: pointer;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.25rem;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    min-height: var(--cloze-target);
    min-width: var(--cloze-target);
    margin: 0;
    padding: 0.375rem 0.875rem;
    color: var(--cloze-ink);
    background: transparent;
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
    font: inherit;
    font-size: 0.9375rem;
    line-height: 1.3;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    background: var(--cloze-inset);
    border-color: var(--cloze-ink);
  }
  button:disabled {
    color: var(--cloze-muted);
    border-color: var(--cloze-line);
    cursor: default;
  }
  button.primary {
    padding-inline: 1.375rem;
    color: var(--cloze-paper);
    background: var(--hue);
    border-color: var(--hue);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in oklab, var(--hue) 88%, var(--cloze-ink));
    border-color: var(--cloze-ink);
  }
  button.quiet {
    border-color: transparent;
    padding-inline: 0.625rem;
    color: var(--cloze-muted);
    text-decoration: underline;
    text-decoration-color: var(--cloze-line);
    text-underline-offset: 0.25em;
  }
  button.quiet:hover:not(:disabled) {
    color: var(--cloze-ink);
    border-color: transparent;
  }
  button.quiet:disabled {
    text-decoration: none;
    opacity: 0.75;
  }
  button.chip {
    padding-inline: 0.75rem;
    border-color: var(--cloze-line);
    border-radius: 1.25rem;
    font-size: 0.875rem;
    text-align: start;
  }
  button.away {
    visibility: hidden;
  }
  .keys {
    margin-inline-start: auto;
    color: var(--cloze-muted);
    font-size: 0.8125rem;
  }
  @media (hover: none) {
    .keys {
      display: none;
    }
  }
  @container (max-width: 26rem) {
    .keys {
      display: none;
    }
  }

  details {
    border-block: 1px solid var(--cloze-line);
  }
  details + details {
    border-top: 0;
    margin-top: -1.25rem;
  }
  summary {
    min-height: var(--cloze-target);
    padding-block: 0.5rem;
    font-size: 0.9375rem;
    font-weight: 600;
    cursor: pointer;
  }
  summary .muted {
    font-weight: 400;
  }
  details > .inside {
    display: grid;
    gap: 1.25rem;
    padding: 0.5rem 0 1.25rem;
  }

  /* What is being done: always there, so that nothing jumps when it speaks. */
  .doing {
    display: grid;
    gap: 0.375rem;
    align-content: start;
    min-height: 3.75rem;
    font-size: 0.9375rem;
  }
  progress {
    display: block;
    width: 100%;
    height: 0.5rem;
    appearance: none;
    border: 0;
    border-radius: 0.25rem;
    overflow: hidden;
    background: var(--cloze-line);
  }
  progress::-webkit-progress-bar {
    background: var(--cloze-line);
  }
  progress::-webkit-progress-value {
    background: var(--hue);
  }
  progress::-moz-progress-bar {
    background: var(--hue);
  }
  .problem {
    display: grid;
    gap: 0.5rem;
    justify-items: start;
    padding: 0.625rem 0.875rem;
    color: var(--cloze-error);
    border-inline-start: 3px solid var(--cloze-error);
    background: color-mix(in oklab, var(--cloze-error) 7%, var(--cloze-paper));
    font-size: 0.9375rem;
  }
  .problem > p::before {
    content: '! ' / '';
    font-weight: 700;
  }

  /* Results */
  .empty {
    display: grid;
    gap: 0.75rem;
    padding: 1.5rem;
    color: var(--cloze-muted);
    border: 1px dashed var(--cloze-line);
    border-radius: var(--cloze-radius);
  }
  .sentence {
    font-family: var(--cloze-serif);
    font-size: 1.25rem;
    line-height: 1.55;
    white-space: pre-wrap;
  }
  .stale {
    opacity: 0.62;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 1.5rem;
    padding-top: 0.875rem;
    border-top: 1px solid var(--cloze-line);
    color: var(--cloze-muted);
    font-size: 0.875rem;
  }
  .facts > div {
    display: flex;
    gap: 0.4em;
  }
  .facts dd {
    color: var(--cloze-ink);
    font-variant-numeric: tabular-nums;
  }

  /* Probabilities: a table whose bars are scaled to 100 %. */
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.9375rem;
  }
  caption {
    padding-bottom: 0.375rem;
    text-align: start;
    font-weight: 650;
  }
  th,
  td {
    padding: 0.125rem 0.5rem;
    text-align: start;
    vertical-align: middle;
    font-weight: 400;
  }
  thead th {
    color: var(--cloze-muted);
    font-size: 0.8125rem;
    border-bottom: 1px solid var(--cloze-line);
  }
  tbody tr {
    height: var(--cloze-target);
  }
  tbody tr + tr > * {
    border-top: 1px solid color-mix(in oklab, var(--cloze-line) 55%, transparent);
  }
  th:first-child,
  td:first-child {
    padding-inline-start: 0;
  }
  th:last-child,
  td:last-child {
    padding-inline-end: 0;
  }
  .probability {
    width: 55%;
  }
  .measured {
    display: flex;
    align-items: center;
    gap: 0.75rem;
  }
  .measured > .figure {
    flex: none;
    min-width: 4.25rem;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .track {
    flex: 1;
    height: 0.625rem;
    border-radius: 0.125rem;
    overflow: hidden;
    background: color-mix(in oklab, var(--hue) 13%, var(--cloze-paper));
  }
  .track > span {
    display: block;
    height: 100%;
    min-width: 1px;
    background: color-mix(in oklab, var(--hue) var(--strength, 100%), var(--cloze-paper));
    transition: width 180ms ease-out;
  }
  button.candidate {
    justify-content: flex-start;
    min-width: 3rem;
    max-width: 100%;
    padding: 0.25rem 0.5rem;
    margin-inline-start: -0.5rem;
    border-color: transparent;
    font-family: var(--cloze-mono);
    font-size: 0.9375rem;
    text-align: start;
    overflow-wrap: anywhere;
  }
  button.candidate[aria-pressed='true'] {
    border-color: var(--hue);
    font-weight: 700;
  }
  button.candidate[aria-pressed='true']::after {
    content: '✓' / '';
    color: var(--hue);
  }

  /* Tokens, each with its number in the vocabulary. */
  .tokens {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    list-style: none;
  }
  .tokens li {
    display: grid;
    padding: 0.125rem 0.5rem 0.1875rem;
    border: 1px solid var(--cloze-line);
    border-radius: 0.25rem;
    font-family: var(--cloze-mono);
    font-size: 0.875rem;
    line-height: 1.35;
  }
  .tokens li small {
    color: var(--cloze-muted);
    font-size: 0.75rem;
  }
  .tokens li.special {
    background: var(--cloze-inset);
    border-style: dashed;
  }

  .settings {
    display: grid;
    gap: 1.25rem 1.75rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr));
  }
  .setting {
    display: grid;
    gap: 0.25rem;
    align-content: start;
  }
  .setting.wide {
    grid-column: 1 / -1;
  }
  .setting > input[type='number'],
  .setting > select {
    max-width: 12rem;
  }

  .verbatim {
    max-height: 20rem;
    margin: 0;
    padding: 0.75rem 1rem;
    overflow: auto;
    background: var(--cloze-inset);
    border-radius: var(--cloze-radius);
    font: 0.875rem/1.55 var(--cloze-mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
      scroll-behavior: auto !important;
    }
  }
  @media (forced-colors: active) {
    .track {
      border: 1px solid CanvasText;
    }
    .track > span,
    progress::-webkit-progress-value {
      forced-color-adjust: none;
      background: Highlight;
    }
    progress {
      border: 1px solid CanvasText;
    }
    button.primary,
    button.candidate[aria-pressed='true'] {
      border: 2px solid ButtonText;
    }
  }
`;

/** For the screens whose model reads left to right. */
export const gptHue = css`
  :host {
    --hue: var(--cloze-gpt);
  }
`;
