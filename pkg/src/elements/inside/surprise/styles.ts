/** The look of the view How surprised: words on shades, with their figures. */
import { css } from 'lit';

export const styles = css`
  .surprise {
    display: grid;
    gap: 1.5rem;
  }
  .surprise.gpt {
    --hue: var(--cloze-gpt);
  }
  .surprise.bert {
    --hue: var(--cloze-bert);
  }
  .surprise .scale {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0;
  }
  .surprise .scale > span:not(.muted) {
    min-width: 2.25rem;
    padding: 0.125rem 0.375rem;
    border: 1px solid var(--cloze-line);
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  .surprise .scale > .muted {
    margin-inline-start: 0.75rem;
  }
  .surprise .one {
    position: relative;
    display: grid;
    gap: 0.5rem;
    padding-bottom: 1rem;
    border-bottom: 1px solid var(--cloze-line);
  }
  .surprise .place {
    color: var(--cloze-muted);
  }
  .surprise .facts {
    padding-top: 0;
    border-top: 0;
  }
  .surprise .tokens-row {
    display: flex;
    flex-wrap: wrap;
    row-gap: 0.375rem;
    padding: 0.125rem;
  }
  .surprise .tokens-row button {
    display: grid;
    gap: 0;
    min-width: 1.5rem;
    min-height: 0;
    margin-inline-start: 0.25rem;
    padding: 0.125rem 0.25rem 0;
    border: 1px solid transparent;
    border-radius: 0.125rem;
    font-family: var(--cloze-serif);
    font-size: 1.125rem;
    line-height: 1.35;
  }
  .surprise .tokens-row button.joins {
    margin-inline-start: 0;
    border-start-start-radius: 0;
    border-end-start-radius: 0;
  }
  .surprise .tokens-row small {
    color: var(--cloze-ink);
    font: 0.75rem/1.4 var(--cloze-font);
    font-variant-numeric: tabular-nums;
  }
  .surprise .tokens-row button[aria-pressed='true'] {
    border-color: var(--cloze-ink);
    outline: 1px solid var(--cloze-ink);
  }
  .surprise .s1 {
    background: color-mix(in oklab, var(--hue) 6%, var(--cloze-paper));
  }
  .surprise .s2 {
    background: color-mix(in oklab, var(--hue) 12%, var(--cloze-paper));
  }
  .surprise .s3 {
    background: color-mix(in oklab, var(--hue) 19%, var(--cloze-paper));
  }
  .surprise .s4 {
    background: color-mix(in oklab, var(--hue) 25%, var(--cloze-paper));
  }
  .surprise .s5 {
    background: color-mix(in oklab, var(--hue) 31%, var(--cloze-paper));
  }
  .surprise .s6 {
    background: color-mix(in oklab, var(--hue) 37%, var(--cloze-paper));
  }
  .surprise .s7 {
    background: color-mix(in oklab, var(--hue) 44%, var(--cloze-paper));
  }
  .surprise .s8 {
    background: color-mix(in oklab, var(--hue) 50%, var(--cloze-paper));
  }
  .surprise .detail {
    display: grid;
    gap: 0.5rem;
    max-width: 34rem;
    padding: 0.75rem 1rem;
    border-inline-start: 3px solid var(--hue);
    background: var(--cloze-inset);
  }
  .surprise .ranking th[scope='row'] {
    font-family: var(--cloze-serif);
    font-size: 1rem;
  }
  @container (max-width: 36rem) {
    .surprise .ranking .less {
      display: none;
    }
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .scroll {
    overflow-x: auto;
  }
  @media (forced-colors: active) {
    .surprise .tokens-row button[aria-pressed='true'] {
      border-color: Highlight;
    }
  }
`;
