/** Less motion, and the colours of forced-colour modes: after all other styles. */
import { css } from 'lit';

/** Less motion, and the colours of forced-colour modes: after all other styles. */
export const modes = css`
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
      scroll-behavior: auto !important;
    }
  }
  @media (forced-colors: active) {
    .track {
      border: 1px solid CanvasText;
    }
    .track > span,
    progress::-webkit-progress-value {
      forced-color-adjust: none;
      background: Highlight;
    }
    progress {
      border: 1px solid CanvasText;
    }
    button.primary,
    button.candidate[aria-pressed='true'] {
      border: 2px solid ButtonText;
    }
  }
`;
