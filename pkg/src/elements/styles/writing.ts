/** The look of the screens that write: the stream of tokens and what could have come. */
import { css } from 'lit';

/** The stream of tokens and what could have come. */
export const writing = css`
  .alternatives {
    position: sticky;
    bottom: 0;
    max-height: 60vh;
    overflow: auto;
    padding: 0.75rem 1rem 1rem;
    background: var(--cloze-paper);
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
  }
  .alternatives .row {
    flex-wrap: nowrap;
    align-items: start;
  }
  .written {
    display: grid;
    gap: 0.75rem;
  }
  .written[hidden] {
    display: none;
  }
`;
