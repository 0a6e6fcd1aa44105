/** The look of stop strings. */
import { css } from 'lit';

/** Stop strings, in the face of code. */
export const stopStyles = css`
  textarea.stops {
    font-family: var(--cloze-mono);
    font-size: 0.9375rem;
  }
`;
