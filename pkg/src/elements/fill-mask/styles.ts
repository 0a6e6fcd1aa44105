/** The look of the Fill mask screen: words to click, masks in sentences. */
import { css } from 'lit';

/** Words to click, masks in sentences. */
export const styles = css`
  .words {
    display: flow-root;
    max-height: 15rem;
    overflow: auto;
    font-family: var(--cloze-serif);
    font-size: 1.125rem;
    line-height: var(--cloze-target);
    white-space: pre-wrap;
    /* Room for the focus ring. */
    padding: 0.125rem 0.25rem;
    margin-inline: -0.25rem;
  }
  .words button {
    display: inline;
    min-width: 0;
    min-height: 0;
    padding: 0.5rem 0.0625rem;
    border: 0;
    border-radius: 0.125rem;
    font: inherit;
    line-height: 1.25;
    text-decoration: underline dotted var(--cloze-control) 1px;
    text-underline-offset: 0.3em;
  }
  .words button:hover {
    color: var(--hue);
    background: var(--cloze-inset);
  }
  .words button[aria-pressed='true'] {
    padding-inline: 0.375rem;
    color: var(--hue);
    background: color-mix(in oklab, var(--hue) 13%, var(--cloze-paper));
    font-family: var(--cloze-mono);
    font-size: 0.9375rem;
    text-decoration: none;
  }
  mark {
    padding: 0 0.125em;
    color: inherit;
    background: color-mix(in oklab, var(--hue) 15%, var(--cloze-paper));
    border-bottom: 2px solid var(--hue);
  }
  mark.open {
    border-bottom-style: dashed;
    font-family: var(--cloze-mono);
    font-size: 0.8em;
  }
  .masks {
    display: grid;
    gap: 1.5rem;
  }
  ol.filled,
  ol.steps {
    display: grid;
    gap: 0.5rem;
    padding-inline-start: 1.5rem;
    font-size: 0.9375rem;
  }
  @media (forced-colors: active) {
    .words button[aria-pressed='true'] {
      border: 1px solid Highlight;
    }
  }
`;
