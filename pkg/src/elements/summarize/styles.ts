/** The look of the TL;DR screen: the document and how much of it fits. */
import { css } from 'lit';

/** The document and how much of it fits. */
export const styles = css`
  #document {
    font-size: 1rem;
  }
  .budget {
    display: grid;
    gap: 0.375rem;
    min-height: 4.75rem;
    align-content: start;
    font-size: 0.9375rem;
  }
  meter {
    display: block;
    width: 100%;
    height: 0.75rem;
    appearance: none;
    border: 0;
    border-radius: 0.125rem;
    overflow: hidden;
    background: color-mix(in oklab, var(--hue) 13%, var(--cloze-paper));
  }
  meter::-webkit-meter-inner-element {
    display: block;
    height: 100%;
  }
  meter::-webkit-meter-bar {
    height: 100%;
    border: 0;
    border-radius: 0;
    background: color-mix(in oklab, var(--hue) 13%, var(--cloze-paper));
  }
  /* One list per engine: an unknown part voids a whole list. */
  meter::-webkit-meter-optimum-value {
    height: 100%;
    background: var(--hue);
  }
  meter::-moz-meter-bar {
    background: var(--hue);
  }
  .left-out {
    text-decoration: line-through;
    text-decoration-color: var(--cloze-muted);
    color: var(--cloze-muted);
  }
  @media (forced-colors: active) {
    meter {
      border: 1px solid CanvasText;
      forced-color-adjust: none;
    }
  }
`;
