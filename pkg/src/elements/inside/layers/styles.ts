/** The look of the view `layers`. */
import { css } from 'lit';

/** A table that scrolls sideways below its own first column. */
export const styles = css`
  .layers {
    display: grid;
    gap: 1rem;
    min-width: 0;
  }
  .lens {
    /* What only screen readers see scrolls with it. */
    position: relative;
    padding: 3px;
    margin: -3px;
  }
  .lens table {
    width: auto;
    border-collapse: separate;
    border-spacing: 2px;
    font-size: 0.875rem;
  }
  .lens tbody tr {
    height: auto;
  }
  .lens tbody tr + tr > * {
    border-top: 0;
  }
  .lens :is(th, td) {
    padding: 0;
  }
  .lens thead th {
    border: 0;
    padding-inline: 0.25rem;
    text-align: center;
    white-space: nowrap;
  }
  .lens :is(thead th:first-child, tbody th) {
    position: sticky;
    inset-inline-start: 0;
    z-index: 1;
    padding-inline-end: 0.5rem;
    background: var(--cloze-paper);
    text-align: end;
    white-space: pre;
  }
  .lens td {
    min-width: 3.5rem;
    border-radius: 2px;
    box-shadow: inset 0 0 0 1px color-mix(in oklab, var(--hue) 30%, transparent);
  }
  .lens td.first {
    box-shadow: inset 0 0 0 2px var(--cloze-ink);
  }
  .lens td button {
    width: 100%;
    min-height: 1.75rem;
    max-width: 5.75rem;
    padding: 0.125rem 0.25rem;
    border: 0;
    color: inherit;
    background: none;
    font-family: var(--cloze-mono);
    font-size: 0.75rem;
    white-space: pre;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .lens td.first button {
    font-weight: 700;
  }
  .lens td button[aria-pressed='true'] {
    outline: 3px solid var(--cloze-ink);
    outline-offset: 1px;
  }
  .lens-and-details {
    display: grid;
    gap: 1.5rem 1.75rem;
    min-width: 0;
  }
  .details {
    align-content: start;
    max-width: 34rem;
  }
  @container (min-width: 60rem) {
    .lens-and-details {
      grid-template-columns: minmax(0, max-content) minmax(15rem, 1fr);
    }
  }
`;
