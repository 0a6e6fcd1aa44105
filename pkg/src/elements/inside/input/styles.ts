/** The look of the view `input`. */
import { css } from 'lit';

/** A vector beside its neighbours. */
export const styles = css`
  .input-view {
    display: grid;
    gap: 1.5rem;
    min-width: 0;
  }
  .vector {
    display: grid;
    gap: 1.5rem 3rem;
  }
  @container (min-width: 52rem) {
    .vector {
      grid-template-columns: minmax(0, 2fr) minmax(0, 1fr);
    }
  }
  .vector > *,
  .input-view > * {
    align-content: start;
    min-width: 0;
  }
  #neighbours tbody tr {
    height: 1.75rem;
  }
`;
