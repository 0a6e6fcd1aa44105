/** The page: what it is, then input and results side by side, stacked where it is narrow. */
import { css } from 'lit';

/** The page: what it is, then input and results side by side, stacked where it is narrow. */
export const page = css`
  /* The page: what it is, then input and results side by side, stacked where it is narrow. */
  .screen {
    display: grid;
    gap: 1.75rem;
  }
  .about {
    display: grid;
    gap: 0.5rem;
  }
  .offer {
    display: grid;
    gap: 0.625rem;
    max-width: 46rem;
    padding: 0.875rem 1.125rem;
    border: 1px solid var(--cloze-line);
    border-inline-start: 3px solid var(--hue);
    border-radius: var(--cloze-radius);
  }
  .offer ul {
    display: grid;
    gap: 0.5rem;
    list-style: none;
  }
  .offer li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.75rem;
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
  /* Stacked, all parts share one box: what sticks to the lower edge may do so from the first line on. */
  .runs {
    display: flex;
    flex-direction: column;
    gap: 1.5rem;
  }
  .runs :is(.columns, .results) {
    display: contents;
  }
  .runs .head {
    padding-top: 1.5rem;
    border-top: 1px solid var(--cloze-line);
  }
  @container (min-width: 52rem) {
    .runs:not(.wide) :is(.columns, .results) {
      display: grid;
    }
    .runs:not(.wide) .head {
      padding-top: 0;
      border-top: 0;
    }
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
`;
