/** The look of conversations, which comes with them. */
import { css } from 'lit';

/** The look of the turns. */
export const conversationStyles = css`
  .log {
    display: grid;
    gap: 1.25rem;
    align-content: start;
  }
  .turn {
    display: grid;
    gap: 0.25rem;
    min-width: 0;
  }
  .turn > .who {
    color: var(--cloze-muted);
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .turn > .said {
    max-width: var(--cloze-measure);
    font-family: var(--cloze-serif);
    font-size: 1.125rem;
    line-height: 1.6;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .turn.user > .said {
    justify-self: start;
    padding: 0.5rem 0.875rem;
    background: var(--cloze-inset);
    border-radius: var(--cloze-radius);
  }
  /* Side by side, the box for the message stays where it is while the conversation grows. */
  @container (min-width: 52rem) {
    :host([talking]) .input {
      position: sticky;
      top: 1rem;
    }
  }
  /* Stacked, the conversation scrolls by itself, so that the box stays near. */
  @container (max-width: 51.99rem) {
    .log {
      max-height: 65vh;
      overflow-y: auto;
    }
  }
`;
