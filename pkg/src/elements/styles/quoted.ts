/** The look of the screens that mark places in a text, or give a verdict on it. */
import { css } from 'lit';

/** Verdicts, marks and where they stand. */
export const quoted = css`
  .verdict {
    font-size: 1.375rem;
    line-height: 1.35;
    overflow-wrap: anywhere;
  }
  .passage {
    max-height: 24rem;
    padding: 0.25rem 0.5rem;
    margin-inline: -0.5rem;
    overflow: auto;
    font-size: 1.0625rem;
  }
  mark {
    padding: 0 0.125em;
    color: inherit;
    background: color-mix(in oklab, var(--hue) 15%, var(--cloze-paper));
    border-bottom: 2px solid var(--hue);
  }
  mark small {
    margin-inline-start: 0.35em;
    padding-inline: 0.25em;
    color: var(--hue);
    font: 600 0.6875rem/1 var(--cloze-font);
    letter-spacing: 0.02em;
  }
  .phrase,
  .place {
    display: block;
  }
  .phrase {
    font-family: var(--cloze-serif);
    font-size: 1rem;
    overflow-wrap: anywhere;
  }
  .place {
    font-family: var(--cloze-font);
    font-weight: 400;
  }
  .beside {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 55%;
    align-items: center;
    font-size: 0.9375rem;
  }
  .beside > .measured {
    padding-inline-start: 0.5rem;
  }
  @media (forced-colors: active) {
    mark {
      border: 1px solid Highlight;
    }
  }
`;
