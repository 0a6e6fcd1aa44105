/** The numbers of a view as a table that can be unfolded: what can be saved as CSV, for whoever reads rather than looks. */
import { html, nothing, type TemplateResult } from 'lit';
import { number } from '../format.js';
import type { Saved } from './view.js';

/** More rows than these are not worth reading on a page; the file has them all. */
const MOST_ROWS = 500;

/** A folded table; numbers are rounded to four decimals at most. */
export function dataTable({ columns, rows }: Saved['table'], caption: string): TemplateResult {
  const shown = [...rows].slice(0, MOST_ROWS);
  return html`<details class="data">
    <summary>${caption}</summary>
    <div class="inside scroll" tabindex="0" role="group" aria-label=${caption}>
      <table>
        <thead>
          <tr>
            ${columns.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (row) =>
              html`<tr>
                ${row.map(
                  (cell) =>
                    html`<td class=${isLong(cell) ? 'long' : nothing}>
                      <bdi>${typeof cell === 'number' ? short(cell) : cell}</bdi>
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** Sentences and names are broken into lines; numbers and tokens are not. */
const isLong = (cell: string | number): boolean => typeof cell === 'string' && cell.length > 20;

/** At most four decimals, and none for whole numbers. */
const short = (value: number): string =>
  Number.isNaN(value) ? '–' : number(value, Number.isInteger(value) ? 0 : Math.abs(value) < 0.01 ? 4 : 3);
