/** The look of the view ChatGPT's steps. */
import { css } from 'lit';

/** Two answers side by side, samples in columns. */
export const own = css`
  .pair {
    display: grid;
    gap: 1rem;
    padding: 1rem 1.25rem;
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
  }
  .candidate-answer {
    display: grid;
    grid-template-rows: auto 1fr auto;
    gap: 0.5rem;
    justify-items: start;
    height: 100%;
  }
  .pair .boxes {
    align-items: stretch;
  }
  #samples th,
  #samples td {
    min-width: 10rem;
    padding-block: 0.5rem;
    vertical-align: top;
  }
  #samples .written {
    display: table-cell;
    font-family: var(--cloze-serif);
  }
  #samples .written .small {
    display: block;
    font-family: var(--cloze-font);
  }
  #samples .text {
    white-space: pre-wrap;
  }
  #score:empty {
    display: none;
  }
`;
