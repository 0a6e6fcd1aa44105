/** Tables with sentences in them: on a narrow screen each row is a block, and each cell says what column it is of. */
import { css } from 'lit';

/** For tables of the class `stacks`, whose cells have their column's name in `data-column`. */
export const stacks = css`
  @container (max-width: 34rem) {
    table.stacks thead {
      display: none;
    }
    table.stacks tbody tr {
      display: grid;
      gap: 0.375rem;
      height: auto;
      padding-block: 0.75rem;
    }
    table.stacks tbody tr + tr {
      border-top: 1px solid var(--cloze-line);
    }
    table.stacks tbody tr > * {
      display: block;
      min-width: 0;
      padding: 0;
      border: 0;
      text-align: start;
    }
    table.stacks [data-column]::before {
      content: attr(data-column);
      display: block;
      color: var(--cloze-muted);
      font-family: var(--cloze-font);
      font-size: 0.8125rem;
    }
    table.stacks .brief {
      display: flex;
      gap: 0.5rem;
      align-items: baseline;
    }
  }
`;
