/** The compact form: input, button and result, one below the other and close together. */
import { css } from 'lit';

/** The compact form: input, button and result, one below the other and close together. */
export const compact = css`
  .columns {
    margin: 0;
    padding: 0;
    border: 0;
  }
  fieldset:disabled {
    opacity: 0.6;
  }
  /* What an .extra holds lies as if it were not there. */
  .extra.more {
    display: contents;
  }
  /* What helps whoever reads on, and what only a full screen has room for. */
  .screen:not(.explained) .hint,
  .compact .extra,
  .compact .keys,
  .compact:not(.explained) .empty p {
    display: none;
  }
  .compact.screen {
    gap: 0.625rem;
  }
  .compact :is(.input, .results) {
    gap: 0.625rem;
  }
  .compact .head {
    padding-top: 0;
    border-top: 0;
    justify-content: flex-end;
  }
  .compact .empty {
    padding: 0;
    border: 0;
  }
  .compact.explained .empty {
    padding: 0.75rem;
  }
  .compact .results {
    padding: 0;
    border: 0;
    min-height: 0;
  }
  .compact textarea {
    min-height: 2.75rem;
    max-height: 12rem;
    font-size: 1.0625rem;
    line-height: 1.4;
    field-sizing: content;
  }
  .compact .field {
    gap: 0.1875rem;
  }
  .compact :is(label, .label) {
    font-size: 0.8125rem;
  }
  /* What is being done stands beside the buttons, where there is room. */
  .compact [role='status'] {
    font-size: 0.875rem;
  }
  .compact button.away,
  .compact .doing:not(:has(> *)) {
    display: none;
  }
  .compact .doing {
    min-height: 0;
  }
  .compact .sentence {
    font-size: 1.125rem;
    line-height: 1.4;
  }
  .compact table {
    font-size: 0.875rem;
  }
  .compact tbody tr {
    height: 1.75rem;
  }
  /* One table of probabilities says by itself what it is of. */
  .compact :not(.masks) > table > caption,
  .compact .masks > table:only-child > caption,
  .compact thead {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .compact button.candidate {
    min-height: 1.75rem;
    padding-block: 0;
    font-size: 0.875rem;
  }
  .compact .loading {
    gap: 0.375rem;
    padding: 0.5rem 0.75rem;
  }
`;
