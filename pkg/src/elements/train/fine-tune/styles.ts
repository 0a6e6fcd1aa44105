/** The look of the view Fine-tune. */
import { css } from 'lit';

/** Headings side by side, the table of what was taken for what, boxes for short texts. */
export const own = css`
  .steps,
  section {
    display: grid;
    gap: 1.25rem;
    min-width: 0;
  }
  .steps {
    gap: 2rem;
  }
  section > h4,
  #result-title {
    font-size: 1.0625rem;
  }
  .headings {
    gap: 1.5rem;
  }
  .heading {
    display: grid;
    gap: 0.75rem;
    align-content: start;
    padding: 1rem;
    border: 1px solid var(--cloze-line);
    border-radius: var(--cloze-radius);
  }
  .heading textarea,
  textarea {
    font-size: 1rem;
  }
  .short {
    max-width: 24rem;
  }
  .choices {
    gap: 0.25rem 1.5rem;
  }
  .choices legend {
    margin-bottom: 0.25rem;
  }
  .attempt {
    padding: 1rem 1.25rem 1.25rem;
    border: 1px solid var(--cloze-line);
    border-inline-start: 3px solid var(--hue);
    border-radius: var(--cloze-radius);
  }
  #answer:empty {
    display: none;
  }
  .confusion {
    width: auto;
    min-width: 17rem;
  }
  .confusion td {
    min-width: 4rem;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  .confusion thead th {
    text-align: center;
  }
  .confusion .right,
  .confusion .missed {
    background: color-mix(in oklab, var(--shade-of) var(--share, 0%), var(--cloze-paper));
  }
  .confusion .right {
    --shade-of: var(--hue);
    font-weight: 700;
  }
  .confusion .missed {
    --shade-of: var(--cloze-error);
  }
  .confusion [data-share='1'] {
    --share: 8%;
  }
  .confusion [data-share='2'] {
    --share: 16%;
  }
  .confusion [data-share='3'] {
    --share: 24%;
  }
  .confusion [data-share='4'] {
    --share: 32%;
  }
  .confusion [data-share='5'] {
    --share: 40%;
  }
  .found {
    display: grid;
    gap: 2rem 3rem;
    align-items: start;
  }
  .found > *,
  section > .scroll {
    min-width: 0;
  }
  .curves {
    display: grid;
    gap: 1.5rem 3rem;
    min-width: 0;
  }
  @container (min-width: 56rem) {
    .curves:has(> :nth-child(2)) {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
  @container (min-width: 52rem) {
    .found {
      grid-template-columns: auto minmax(0, 1fr);
    }
    .found > :first-child {
      max-width: 26rem;
    }
  }
  .short-table {
    max-width: 40rem;
  }
  .pairs {
    padding-inline-start: 1.25rem;
  }
  #own-models td {
    white-space: nowrap;
  }
  #own-models td:last-child .row {
    flex-wrap: nowrap;
  }
  .settings:has(.chooser) {
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr));
  }
  .settings .chooser {
    gap: 0.25rem;
    align-content: start;
  }
  .example {
    min-width: 14rem;
    max-width: 34rem;
    font-family: var(--cloze-serif);
  }
  #wrong td {
    vertical-align: top;
    padding-block: 0.5rem;
  }
  #wrong th {
    padding-block: 0.5rem;
  }
  pre.verbatim {
    min-width: 0;
    overflow-x: auto;
  }
`;
