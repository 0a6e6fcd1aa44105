/** A picture with what belongs to it: its files, and its numbers as a table. */
import { html, type LitElement, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { dataTable } from '../../inside/data-table.js';
import type { Drawing } from '../../inside/drawing/drawing.js';
import { csvFile, download, pngFile, svgFile } from '../../inside/drawing/save.js';
import { labelled } from '../../format.js';

const say = insideWords.save;

/** What can be saved of a picture. */
export interface Figure {
  /** Of the files, without ending; and of the buttons, so that each page has it once. */
  readonly name: string;
  readonly drawing: Drawing;
  /** A click in it means something (`cloze-point`). */
  readonly pointable?: boolean;
  /** Of the table, folded below the picture. */
  readonly caption: string;
  readonly table: { readonly columns: readonly string[]; readonly rows: Iterable<readonly (string | number)[]> };
}

/** Tables that are unfolded, by their names: what is in them is only made then, as curves grow while one looks. */
const unfolded = new WeakMap<LitElement, Set<string>>();

/** The picture, the buttons that save it, and its table, on an element whose colours hold; `announce` says what was saved. */
export function renderFigure(figure: Figure, host: LitElement, announce: (said: string) => void): TemplateResult {
  const { name, drawing, table, caption } = figure;
  const kinds = ['svg', 'png', 'csv'] as const;
  const open = unfolded.get(host) ?? new Set<string>();
  unfolded.set(host, open);
  const toggle = ({ target }: Event): void => {
    const before = open.has(name);
    const details = (target as Element).closest('details')!;
    if (details.open === before) return;
    if (before) open.delete(name);
    else open.add(name);
    host.requestUpdate();
  };
  return html`<figure class="plot">
    <cloze-drawing .drawing=${drawing} ?pointable=${figure.pointable ?? false}></cloze-drawing>
    <div class="row" role="group" aria-label=${labelled(say.label, caption)}>
      <span class="small muted" aria-hidden="true">${say.label}</span>
      ${kinds.map(
        (kind) =>
          html`<button
            type="button"
            class="chip"
            @click=${() => void save(figure, kind, host.renderRoot as ShadowRoot, announce)}
          >
            ${say[kind]}
          </button>`,
      )}
    </div>
    <div @toggle=${{ handleEvent: toggle, capture: true }}>
      ${dataTable({ ...table, rows: open.has(name) ? table.rows : [] }, caption)}
    </div>
  </figure>`;
}

async function save(
  { name, drawing, table }: Figure,
  kind: 'svg' | 'png' | 'csv',
  place: ShadowRoot,
  announce: (said: string) => void,
): Promise<void> {
  const file = `${name}.${kind}`;
  try {
    if (kind === 'csv') download(csvFile(table.columns, table.rows), file);
    else download(kind === 'svg' ? svgFile(drawing, place) : await pngFile(drawing, place), file);
    announce(say.saved(file));
  } catch {
    announce(say.failed);
  }
}
