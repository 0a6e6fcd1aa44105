/** What is being done, and what went wrong. */
import { css } from 'lit';

/** What is being done, and what went wrong. */
export const doing = css`
  /* What is being done: always there, so that nothing jumps when it speaks. */
  .doing {
    display: grid;
    gap: 0.375rem;
    align-content: start;
    min-height: 3.75rem;
    font-size: 0.9375rem;
  }
  /* How far a load is: at the head of the results, and never below the lower edge of the window. */
  .loading {
    display: grid;
    gap: 0.5rem;
    font-size: 0.9375rem;
    font-variant-numeric: tabular-nums;
  }
  .runs .loading {
    position: sticky;
    bottom: 0;
    z-index: 1;
    padding: 0.75rem 1rem;
    background: var(--cloze-paper);
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
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
  .runs .loading.failed {
    padding: 0;
    border: 0;
  }
  .problem {
    display: grid;
    overflow-wrap: anywhere;
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
`;
