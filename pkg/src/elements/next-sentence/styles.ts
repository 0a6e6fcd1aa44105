/** The look of the Next sentence screen. */
import { css } from 'lit';

/** Boxes with the swap between them, and verdicts. */
export const styles = css`
  .between {
    display: flex;
    justify-content: center;
    margin-block: -0.625rem;
  }
  .verdict {
    font-size: 1.125rem;
  }
  .pair {
    font-family: var(--cloze-serif);
    font-size: 1.0625rem;
  }
  .other-order {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1.35fr);
    align-items: center;
  }
  th .pair {
    display: block;
    padding-block: 0.375rem;
  }
`;
