/** The look of the view `attention`. */
import { css } from 'lit';

/** Heads beside the picture, below each other where it is narrow. */
export const styles = css`
  figcaption {
    display: grid;
    gap: 0.125rem;
  }
  .attention {
    display: grid;
    gap: 1.25rem 2rem;
  }
  /* First the picture, then what stands behind it. */
  .beside .heads {
    order: 1;
  }
  .attention .field {
    margin-top: 0.75rem;
  }
  .attention tbody tr {
    height: 1.875rem;
  }
  .attention > * {
    display: grid;
    gap: 0.5rem;
    align-content: start;
    min-width: 0;
  }
  cloze-drawing.long {
    --cloze-drawing-height: min(44rem, 85vh);
  }
  @container (min-width: 52rem) {
    .alone .attention {
      grid-template-columns: minmax(14rem, 25rem) minmax(0, 1fr);
      gap: 3rem;
    }
  }
`;
