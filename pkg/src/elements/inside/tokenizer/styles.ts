/** The look of the view Tokenizer: cuts side by side, and pieces on their way. */
import { css } from 'lit';

export const styles = css`
  .cuts {
    display: grid;
    gap: 1.75rem 2.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
    align-items: start;
  }
  .cut {
    display: grid;
    gap: 0.5rem;
    min-width: 0;
    padding-top: 0.625rem;
    border-top: 3px solid var(--hue);
  }
  .cut[data-hue='none'] {
    --hue: var(--cloze-muted);
  }
  .cut .tokens li {
    text-align: center;
    white-space: pre;
  }
  .cut .tokens li:nth-child(even) {
    background: color-mix(in oklab, var(--hue) 9%, var(--cloze-paper));
  }
  .cut .tokens li.here {
    border-color: var(--hue);
    border-bottom-width: 3px;
  }
  .stepwise {
    display: grid;
    gap: 1.25rem;
    padding-top: 1.25rem;
    border-top: 1px solid var(--cloze-line);
  }
  .stretches button {
    font-family: var(--cloze-serif);
    font-size: 1rem;
  }
  .walk input[type='range'] {
    flex: 1;
    min-width: 6rem;
    max-width: 24rem;
    min-height: var(--cloze-target);
    accent-color: var(--cloze-ink);
  }
  .walk button {
    padding-inline: 0.5rem;
  }
  .cut .steps-pieces li {
    background: none;
  }
  .cut .steps-pieces li.now {
    border: 2px solid var(--hue);
    background: color-mix(in oklab, var(--hue) 15%, var(--cloze-paper));
    font-weight: 700;
  }
  .cut .steps-pieces li.rest {
    border-style: dashed;
    color: var(--cloze-muted);
  }
  .cut .deed {
    min-height: 3.1em;
  }
  .cut details {
    border-bottom: 0;
  }
  .cut details ol {
    max-height: 14rem;
    overflow: auto;
    padding-inline-start: 2rem;
    gap: 0.25rem;
  }
`;
