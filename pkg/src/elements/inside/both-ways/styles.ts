/** The look of the view Both ways: readers side by side. */
import { css } from 'lit';

export const styles = css`
  .readers {
    display: grid;
    gap: 2rem 2.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr));
    align-items: start;
  }
  .reader {
    display: grid;
    gap: 0.5rem;
    min-width: 0;
    padding-top: 0.75rem;
    border-top: 3px solid var(--hue);
  }
  .reader.left,
  .reader.right,
  .reader.pasted {
    border-top-style: dashed;
  }
  .reader h4 {
    min-height: 2.8em;
  }
  .reader .sees {
    min-height: 2.9em;
    font-family: var(--cloze-serif);
  }
  .answer > input {
    max-width: 16rem;
  }
  .gap {
    padding: 0 0.375em;
    color: inherit;
    background: color-mix(in oklab, var(--hue) 15%, var(--cloze-paper));
    border-bottom: 2px dashed var(--hue);
    font-family: var(--cloze-mono);
    font-size: 0.8em;
  }
`;
