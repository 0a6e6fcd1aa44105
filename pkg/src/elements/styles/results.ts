/** Results: invitations, sentences, facts, tokens. */
import { css } from 'lit';

/** Results: invitations, sentences, facts, tokens. */
export const results = css`
  /* Results */
  .empty {
    display: grid;
    gap: 0.75rem;
    padding: 1.5rem;
    color: var(--cloze-muted);
    border: 1px dashed var(--cloze-line);
    border-radius: var(--cloze-radius);
  }
  .sentence {
    font-family: var(--cloze-serif);
    font-size: 1.25rem;
    line-height: 1.55;
    white-space: pre-wrap;
  }
  /* What to think of the answer below. */
  .caution {
    padding: 0.5rem 0.875rem;
    border-inline-start: 3px solid var(--hue);
    background: var(--cloze-inset);
  }
  #foreign:empty {
    margin-bottom: -1.25rem;
  }
  .stale {
    opacity: 0.62;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 1.5rem;
    padding-top: 0.875rem;
    border-top: 1px solid var(--cloze-line);
    color: var(--cloze-muted);
    font-size: 0.875rem;
  }
  .facts > div {
    display: flex;
    gap: 0.4em;
  }
  .facts dd {
    color: var(--cloze-ink);
    font-variant-numeric: tabular-nums;
  }

  /* Tokens, each with its number in the vocabulary. */
  .tokens {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    list-style: none;
  }
  .tokens li {
    display: grid;
    padding: 0.125rem 0.5rem 0.1875rem;
    border: 1px solid var(--cloze-line);
    border-radius: 0.25rem;
    font-family: var(--cloze-mono);
    font-size: 0.875rem;
    line-height: 1.35;
  }
  .tokens li small {
    color: var(--cloze-muted);
    font-size: 0.75rem;
  }
  .tokens li.special {
    background: var(--cloze-inset);
    border-style: dashed;
  }

  .verbatim {
    max-height: 20rem;
    margin: 0;
    padding: 0.75rem 1rem;
    overflow: auto;
    background: var(--cloze-inset);
    border-radius: var(--cloze-radius);
    font: 0.875rem/1.55 var(--cloze-mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
`;
