/** The look of the view: cards to choose from, the run, samples side by side. */
import { css } from 'lit';

/** The look of the view. */
export const styles = css`
  .screen > .results {
    min-height: 0;
    padding: 1.5rem 0 0;
    border-top: 1px solid var(--cloze-line);
    border-inline-start: 0;
  }
  #results-title {
    scroll-margin-top: 2.5rem;
  }
  legend {
    margin-bottom: 0.375rem;
  }
  .cards {
    display: grid;
    gap: 0.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
  }
  .card {
    position: relative;
    display: grid;
    font-weight: 400;
    cursor: pointer;
  }
  .card input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .card .face {
    display: grid;
    gap: 0.125rem;
    align-content: start;
    padding: 0.625rem 0.875rem;
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
  }
  .card .face .small {
    color: var(--cloze-muted);
  }
  .card:hover .face {
    border-color: var(--cloze-ink);
  }
  .card input:checked + .face {
    border-color: var(--hue);
    box-shadow: inset 0 0 0 1px var(--hue);
    background: color-mix(in oklab, var(--hue) 7%, var(--cloze-paper));
  }
  .card input:checked + .face strong::before {
    content: '✓ ' / '';
    color: var(--hue);
  }
  .card input:focus-visible + .face {
    outline: 2px solid var(--hue);
    outline-offset: 2px;
  }
  .chip[aria-pressed='true'] {
    border-color: var(--hue);
    font-weight: 650;
  }
  textarea[readonly] {
    color: var(--cloze-muted);
  }
  .grow {
    flex: 1 1 18rem;
  }
  .live {
    display: grid;
    gap: 0.625rem;
  }
  progress {
    width: 100%;
    height: 0.5rem;
  }
  .figures {
    display: grid;
    gap: 0.5rem;
  }
  .plot,
  .curves,
  section.part,
  details > .inside,
  .screen > .results {
    grid-template-columns: minmax(0, 1fr);
  }
  .plot {
    display: grid;
    gap: 0.75rem;
    min-width: 0;
  }
  .curves {
    display: grid;
    gap: 0.75rem;
    min-width: 0;
  }
  section.part {
    display: grid;
    gap: 0.75rem;
    min-width: 0;
    padding-top: 1rem;
    border-top: 1px solid var(--cloze-line);
  }
  .back input {
    max-width: 28rem;
  }
  details.data {
    border: 0;
  }
  details.data > .inside {
    max-height: 24rem;
    overflow: auto;
  }
  .parts > details + details {
    margin-top: 0;
  }
  .samples {
    display: flex;
    gap: 0.75rem;
    padding: 0.25rem;
    overflow-x: auto;
    list-style: none;
  }
  .samples li {
    flex: 0 0 min(17rem, 80%);
    display: grid;
    gap: 0.25rem;
    align-content: start;
    padding: 0.625rem 0.875rem;
    border: 1px solid var(--cloze-line);
    border-radius: var(--cloze-radius);
  }
  .written {
    font-family: var(--cloze-serif);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .tokens li.target {
    border: 2px solid var(--hue);
    font-weight: 650;
  }
  .tokens.order li.seen {
    background: color-mix(in oklab, var(--hue) 16%, var(--cloze-paper));
  }
  .runs {
    display: grid;
    gap: 0;
    list-style: none;
  }
  .runs li {
    display: grid;
    gap: 0.25rem;
    padding-block: 0.625rem;
    border-top: 1px solid var(--cloze-line);
  }
  .runs li:first-child {
    border-top: 0;
  }
  .guess {
    display: block;
    white-space: nowrap;
  }
  table.narrow {
    width: auto;
    min-width: min(100%, 20rem);
  }
  @media (forced-colors: active) {
    .card input:checked + .face {
      border: 3px solid Highlight;
    }
  }
`;
