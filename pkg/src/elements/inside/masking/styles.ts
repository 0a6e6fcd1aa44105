/** The look of the view Masking game: text with gaps, stages, answers side by side. */
import { css } from 'lit';

export const styles = css`
  .controls.seeded {
    align-items: start;
  }
  @container (min-width: 36rem) {
    .controls.seeded > button {
      margin-top: 1.625rem;
    }
  }
  .game {
    display: grid;
    gap: 1.25rem;
  }
  .stages {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.5rem;
    padding-inline-start: 1.25rem;
    color: var(--cloze-muted);
    font-size: 0.9375rem;
  }
  .stages li {
    padding-inline-end: 0.75rem;
  }
  .stages [aria-current] {
    color: var(--cloze-ink);
    font-weight: 650;
    text-decoration: underline 3px var(--hue);
    text-underline-offset: 0.35em;
  }
  .pieces {
    display: grid;
    gap: 0.75rem;
  }
  .pieces > div {
    display: grid;
    grid-template-columns: 1.5rem minmax(0, 1fr);
    gap: 0.5rem;
  }
  .pieces dt {
    color: var(--cloze-muted);
    font-weight: 650;
    line-height: 2.1;
  }
  .pieces dd {
    max-width: 46rem;
    font-family: var(--cloze-serif);
    font-size: 1.1875rem;
    line-height: 1.9;
  }
  .pieces .mark {
    color: var(--cloze-muted);
    font-family: var(--cloze-mono);
    font-size: 0.8125rem;
  }
  .pieces .chosen {
    padding: 0.125rem 0.3125rem;
    border: 1px solid var(--hue);
    border-radius: 0.1875rem;
    background: color-mix(in oklab, var(--hue) 13%, var(--cloze-paper));
    white-space: nowrap;
  }
  .pieces .chosen.hidden {
    border-style: dashed;
    background: var(--cloze-inset);
  }
  .pieces .chosen.replaced {
    font-family: var(--cloze-mono);
    font-size: 0.9375rem;
  }
  .pieces sup {
    margin-inline-start: 0.2em;
    color: var(--cloze-muted);
    font: 600 0.6875rem/1 var(--cloze-font);
  }
  .guesses,
  .answers {
    display: grid;
    gap: 1rem;
  }
  .score {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 2.5rem;
    font-size: 1.125rem;
  }
  .score > div {
    display: flex;
    gap: 0.5em;
  }
  .score dd {
    font-weight: 650;
  }
  .answers .wide {
    min-width: 12rem;
  }
  .answers .right {
    color: var(--hue);
    font-weight: 700;
  }
  .answers .wrong {
    color: var(--cloze-error);
    font-weight: 700;
  }
  .losses {
    padding-inline-start: 1.25rem;
  }
`;
