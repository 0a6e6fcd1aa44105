/** The look of the lessons. */
import { css } from 'lit';

/** Steps, the question, and the strip above other views. */
export const styles = css`
  .lesson,
  .ask,
  .answers {
    display: grid;
    gap: 1.25rem;
  }
  .lesson > section,
  .answers {
    padding-top: 1.25rem;
    border-top: 1px solid var(--cloze-line);
  }
  .question {
    padding: 0.75rem 1.125rem;
    border-inline-start: 3px solid var(--hue);
    background: var(--cloze-inset);
    font-family: var(--cloze-serif);
    font-size: 1.1875rem;
    line-height: 1.5;
    max-width: var(--cloze-measure);
  }
  .ask textarea {
    max-width: 46rem;
  }
  .part {
    display: grid;
    gap: 1rem;
  }
  .part .facts {
    padding-top: 0;
    border-top: 0;
  }
  .steps {
    display: grid;
    gap: 1.5rem;
    padding: 0;
    list-style: none;
    counter-reset: step;
  }
  .steps > li {
    display: grid;
    gap: 0.375rem;
    padding-inline-start: 2.75rem;
    position: relative;
    counter-increment: step;
  }
  .steps > li::before {
    content: counter(step);
    position: absolute;
    inset-inline-start: 0;
    top: -0.125rem;
    display: grid;
    place-items: center;
    width: 1.875rem;
    height: 1.875rem;
    border: 1px solid var(--cloze-control);
    border-radius: 50%;
    font-size: 0.9375rem;
    font-variant-numeric: tabular-nums;
  }
  .steps > li.done::before {
    content: '✓';
    color: var(--cloze-paper);
    background: var(--cloze-ink);
    border-color: var(--cloze-ink);
  }
  .steps .row {
    gap: 0.25rem 1rem;
  }
  .lessons-list {
    display: grid;
    gap: 0.375rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr));
  }
  .lessons-list legend {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .lessons-list label {
    position: relative;
    display: grid;
    cursor: pointer;
    font-weight: 400;
  }
  .lessons-list input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .lessons-list span {
    display: grid;
    padding: 0.5rem 0.875rem;
    border: 1px solid var(--cloze-line);
    border-radius: var(--cloze-radius);
  }
  .lessons-list label:hover span {
    border-color: var(--cloze-ink);
  }
  .lessons-list input:checked + span {
    border-color: var(--hue);
    box-shadow: inset 3px 0 0 var(--hue);
    background: var(--cloze-inset);
  }
  .lessons-list input:focus-visible + span {
    outline: 2px solid var(--hue);
    outline-offset: 2px;
  }
  .boxes {
    display: grid;
    gap: 1rem 1.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
    align-items: start;
  }
  .answer {
    display: grid;
    gap: 0.375rem;
  }
  blockquote {
    margin: 0;
    padding-inline-start: 0.875rem;
    border-inline-start: 3px solid var(--cloze-line);
    font-family: var(--cloze-serif);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .scroll {
    overflow-x: auto;
  }
  td {
    overflow-wrap: anywhere;
  }
  .code input {
    max-width: 24rem;
  }
  [tabindex='-1']:focus-visible {
    outline-offset: 4px;
  }
  .strip {
    display: grid;
    gap: 0.5rem;
    padding: 0.875rem 1.125rem;
    border: 1px solid var(--cloze-line);
    border-inline-start: 3px solid var(--hue);
    border-radius: var(--cloze-radius);
    background: var(--cloze-inset);
  }
  .tick {
    color: var(--hue);
  }
`;
