/** Controls: labels, boxes, buttons, settings that can be folded away. */
import { css } from 'lit';

/** Controls: labels, boxes, buttons, settings that can be folded away. */
export const controls = css`
  /* Controls */
  label,
  legend,
  .label {
    font-weight: 600;
    font-size: 0.9375rem;
    padding: 0;
  }
  .field {
    display: grid;
    gap: 0.375rem;
    min-width: 0;
  }
  .with-control {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.5rem;
  }
  textarea,
  input[type='text'],
  input[type='password'],
  input[type='number'],
  select {
    width: 100%;
    min-height: var(--cloze-target);
    margin: 0;
    padding: 0.5rem 0.75rem;
    color: var(--cloze-ink);
    background: light-dark(#fff, #0f0e0d);
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
    font: inherit;
    line-height: 1.5;
  }
  input:disabled {
    color: var(--cloze-muted);
    background: transparent;
    border-color: var(--cloze-line);
  }
  textarea {
    display: block;
    resize: vertical;
    max-width: none;
    font-family: var(--cloze-serif);
    font-size: 1.125rem;
  }
  [aria-invalid='true'] {
    border-color: var(--cloze-error);
    border-width: 2px;
  }
  input[type='checkbox'],
  input[type='radio'] {
    width: 1.125rem;
    height: 1.125rem;
    margin: 0;
    flex: none;
    accent-color: var(--hue);
  }
  .choice {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-height: var(--cloze-target);
    font-weight: 400;
    cursor: pointer;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.25rem;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    min-height: var(--cloze-target);
    min-width: var(--cloze-target);
    margin: 0;
    padding: 0.375rem 0.875rem;
    color: var(--cloze-ink);
    background: transparent;
    border: 1px solid var(--cloze-control);
    border-radius: var(--cloze-radius);
    font: inherit;
    font-size: 0.9375rem;
    line-height: 1.3;
    cursor: pointer;
  }
  button:hover:not(:disabled, [aria-disabled='true']) {
    background: var(--cloze-inset);
    border-color: var(--cloze-ink);
  }
  button:disabled,
  button[aria-disabled='true'] {
    color: var(--cloze-muted);
    border-color: var(--cloze-line);
    cursor: default;
  }
  button.primary {
    padding-inline: 1.375rem;
    color: var(--cloze-paper);
    background: var(--hue);
    border-color: var(--hue);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in oklab, var(--hue) 88%, var(--cloze-ink));
    border-color: var(--cloze-ink);
  }
  button.quiet {
    border-color: transparent;
    padding-inline: 0.625rem;
    color: var(--cloze-muted);
    text-decoration: underline;
    text-decoration-color: var(--cloze-line);
    text-underline-offset: 0.25em;
  }
  button.quiet:hover:not(:disabled) {
    color: var(--cloze-ink);
    border-color: transparent;
  }
  button.quiet:disabled {
    text-decoration: none;
    opacity: 0.75;
  }
  button.chip {
    padding-inline: 0.75rem;
    border-color: var(--cloze-line);
    border-radius: 1.25rem;
    font-size: 0.875rem;
    text-align: start;
  }
  button.away {
    visibility: hidden;
  }
  .keys {
    margin-inline-start: auto;
    color: var(--cloze-muted);
    font-size: 0.8125rem;
  }
  @media (hover: none) {
    .keys {
      display: none;
    }
  }
  @container (max-width: 26rem) {
    .keys {
      display: none;
    }
  }

  details {
    border-block: 1px solid var(--cloze-line);
  }
  details + details {
    border-top: 0;
    margin-top: -1.25rem;
  }
  summary {
    min-height: var(--cloze-target);
    padding-block: 0.5rem;
    font-size: 0.9375rem;
    font-weight: 600;
    cursor: pointer;
  }
  summary .muted {
    font-weight: 400;
  }
  details > .inside {
    display: grid;
    gap: 1.25rem;
    padding: 0.5rem 0 1.25rem;
  }

  .settings {
    display: grid;
    gap: 1.25rem 1.75rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr));
  }
  .setting {
    display: grid;
    gap: 0.25rem;
    align-content: start;
  }
  .setting.wide {
    grid-column: 1 / -1;
  }
  .setting > input[type='number'],
  .setting > select {
    max-width: 12rem;
  }
`;
