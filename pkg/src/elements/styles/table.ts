/** Probabilities: a table whose bars are scaled to 100 %. */
import { css } from 'lit';

/** Probabilities: a table whose bars are scaled to 100 %. */
export const table = css`
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
`;
