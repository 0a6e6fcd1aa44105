/** The look of the Models screen and of the list of what is kept. */
import { css } from 'lit';

/** The Models screen. */
export const modelsStyles = css`
  .uses {
    display: grid;
    gap: 0.75rem 1.25rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr));
  }
  .or {
    display: grid;
    gap: 0.5rem;
    justify-items: start;
    padding: 1rem;
    border: 1px dashed var(--cloze-control);
    border-radius: var(--cloze-radius);
  }
  .loaded {
    display: grid;
    gap: 0.5rem;
    justify-items: start;
    padding: 0.75rem 1rem;
    background: var(--cloze-inset);
    border-radius: var(--cloze-radius);
  }
  .loaded p,
  .loading span {
    overflow-wrap: anywhere;
  }
  section {
    display: grid;
    gap: 0.75rem;
  }
`;

/** The list of what is kept. */
export const keptStyles = css`
  .list {
    display: grid;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .list > li {
    display: grid;
    gap: 0.5rem;
    padding-block: 1rem;
    border-top: 1px solid var(--cloze-line);
  }
  .list > li:last-child {
    border-bottom: 1px solid var(--cloze-line);
  }
  .list details {
    border: 0;
  }
  .list summary {
    font-weight: 400;
    color: var(--cloze-muted);
  }
  h4 {
    overflow-wrap: anywhere;
  }
  .room {
    display: grid;
    gap: 0.5rem;
    justify-items: start;
  }
  .file {
    display: grid;
    gap: 0.125rem;
    font-size: 0.875rem;
  }
  .file + .file {
    margin-top: 0.75rem;
  }
  .hash {
    font-family: var(--cloze-mono);
    font-size: 0.75rem;
    overflow-wrap: anywhere;
    color: var(--cloze-muted);
  }
  .confirm {
    display: grid;
    gap: 0.5rem;
    padding: 0.625rem 0.875rem;
    background: var(--cloze-inset);
    border-radius: var(--cloze-radius);
  }
  button.danger {
    color: var(--cloze-error);
    border-color: var(--cloze-error);
  }
`;
