/** The look of the Inside screen: the choice of views, boxes side by side, tokens to choose, what stands beside pictures. */
import { css } from 'lit';

/** What all views have. */
export const styles = css`
  .views {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    margin-block: 0.5rem;
  }
  .views legend {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .views label {
    position: relative;
    font-weight: 400;
    cursor: pointer;
  }
  .views input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .views span {
    display: block;
    padding: 0.4375rem 0.875rem;
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
    line-height: 1.5;
  }
  .views label:hover span {
    border-color: var(--cloze-ink);
  }
  .views input:checked + span {
    color: var(--cloze-paper);
    background: var(--cloze-ink);
    border-color: var(--cloze-ink);
  }
  .views input:focus-visible + span {
    outline: 2px solid var(--hue);
    outline-offset: 2px;
  }
  .boxes {
    display: grid;
    gap: 1rem 1.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
    align-items: start;
  }
  .chooser select,
  .results > .field > select {
    max-width: 24rem;
  }
  figcaption strong {
    display: inline-block;
  }
  figcaption strong::first-letter {
    text-transform: uppercase;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.75rem 1.25rem;
  }
  .controls > * {
    flex: none;
    max-width: 100%;
  }
  .controls select,
  .controls input[type='number'] {
    width: auto;
    min-width: 6rem;
    max-width: 100%;
  }
  .view {
    display: grid;
    gap: 1.25rem;
    min-width: 0;
  }
  .beside {
    display: grid;
    gap: 2rem 2.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
    align-items: start;
  }
  .beside > * {
    display: grid;
    gap: 0.75rem;
    align-content: start;
    min-width: 0;
  }
  [data-hue='gpt'] {
    --hue: var(--cloze-gpt);
  }
  [data-hue='bert'] {
    --hue: var(--cloze-bert);
  }
  /* Tokens to choose from, in the order of the text. */
  .picker {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    max-height: 9.5rem;
    padding: 0.1875rem;
    margin: -0.1875rem;
    overflow: auto;
  }
  .picker button {
    min-width: 1.75rem;
    min-height: 1.875rem;
    padding: 0.125rem 0.4375rem;
    border-color: var(--cloze-line);
    border-radius: 0.25rem;
    font-family: var(--cloze-mono);
    font-size: 0.875rem;
    white-space: pre;
  }
  .picker button.special {
    border-style: dashed;
    background: var(--cloze-inset);
  }
  .picker button[aria-pressed='true'] {
    border: 2px solid var(--hue);
    font-weight: 700;
  }
  .scrolls {
    overflow: auto;
    min-width: 0;
  }
  .scrolls:focus-visible {
    outline-offset: 0;
  }
  .numbers {
    max-height: 24rem;
    overflow: auto;
  }
  .numbers table {
    width: auto;
    min-width: 100%;
  }
  .numbers tbody tr {
    height: 2rem;
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  details {
    min-width: 0;
  }
  .data td {
    white-space: nowrap;
  }
  .data td.long {
    min-width: min(16rem, 50vw);
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .data tr:has(> .long) > td {
    padding-block: 0.375rem;
    vertical-align: top;
  }
  .input:has(.chooser[data-hue='gpt']) {
    --hue: var(--cloze-gpt);
  }
  .scroll {
    overflow-x: auto;
  }
  .data > .scroll {
    max-height: 24rem;
    overflow-y: auto;
  }
  @media (forced-colors: active) {
    .views input:checked + span {
      border: 3px solid Highlight;
    }
  }
`;
