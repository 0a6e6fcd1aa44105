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
  /* What helps whoever reads on, and what only a full screen has room for. */
  .screen:not(.explained) .hint,
  .compact .extra,
  .compact .keys,
  .compact:not(.explained) .empty p {
    display: none;
  }
  .extra {
    display: grid;
    gap: 1.25rem;
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
  /* Said where there is something to say. */
  .compact .doing {
    min-height: 0;
    gap: 0.25rem;
    font-size: 0.875rem;
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
