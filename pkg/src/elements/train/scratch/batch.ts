/** The batch at hand: what the model is given, and what it has to guess. */
import { html, nothing, type TemplateResult } from 'lit';
import type { TokenInfo } from '../../../index.js';
import type { BatchRow } from '../../../training/core-types.js';
import type { Run } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { commas, count, number } from '../../format.js';
import { dataTable } from '../../inside/data-table.js';
import { select } from '../../inside/attention/controls.js';
import { full, ink, muted, type Drawing, type Shape } from '../../inside/drawing/drawing.js';
import { readable, tokenPicker } from '../../inside/tokens.js';
import type { LiveRun } from '../runs.js';
import { Asking, Fold, type Desk, type Part } from './desk.js';

const say = trainWords.run.batch;

type Xlnet = Extract<BatchRow, { kind: 'xlnet' }>;
type Bert = Extract<BatchRow, { kind: 'bert' }>;

/** Between two looks while a run learns, ms. */
const PAUSE = 1500;

/** The place of each token in the drawn order, from 1. `order` lists positions, first drawn first. */
export function placesOf(order: readonly number[]): number[] {
  const places = Array.from({ length: order.length }, () => 0);
  order.forEach((position, place) => (places[position] = place + 1));
  return places;
}

/** The positions that a row of a mask sees. */
export const seenBy = (mask: Uint8Array, position: number, size: number): number[] =>
  [...mask.subarray(position * size, (position + 1) * size).entries()].flatMap(([at, sees]) => (sees ? [at] : []));

/** The batch. */
export class BatchPart implements Part {
  #row = 0;
  #position: number | undefined;
  #shown: { readonly of: string; readonly step: number; readonly batch: BatchRow } | undefined;
  #asked = 0;
  readonly #asking = new Asking();

  readonly #fold: Fold;

  constructor(private readonly desk: Desk) {
    this.#fold = new Fold(desk.host);
  }

  render({ run }: LiveRun): TemplateResult {
    const { architecture, batch_size } = run.info.settings;
    const row = Math.min(this.#row, batch_size - 1);
    if (this.#fold.open) this.#follow(run, row);
    return this.#fold.render(say.title, say.about[architecture], () => this.#renderOpen(batch_size, row));
  }

  #renderOpen(rows: number, row: number): TemplateResult {
    return html`<div class="controls">
        ${select({
          id: 'batch-row',
          label: say.row(rows),
          value: String(row),
          options: Array.from({ length: rows }, (_, at) => ({ id: String(at), name: String(at + 1) })),
          choose: (value) => {
            this.#row = Number(value);
            this.#asked = 0;
            this.desk.host.requestUpdate();
          },
        })}
        ${this.#shown ? html`<p class="small muted">${trainWords.run.samples.at(number(this.#shown.step + 1))}</p>` : nothing}
      </div>
      ${this.#shown ? this.#renderBatch(this.#shown.batch) : nothing}`;
  }

  #follow(run: Run, row: number): void {
    const step = run.steps_done;
    const of = `${run.id} ${row}`;
    if (this.#shown?.of === of && this.#shown.step === step) return;
    if (performance.now() - this.#asked < (run.state === 'running' ? PAUSE : 100)) return;
    this.#asked = performance.now();
    this.#asking.ask(async () => {
      const batch = await run.batch(step, row);
      this.#shown = { of, step, batch };
      this.desk.host.requestUpdate();
    });
  }

  #renderBatch(batch: BatchRow): TemplateResult {
    if (batch.kind === 'bert') return renderBert(batch);
    if (batch.kind === 'xlnet') return this.#renderXlnet(batch);
    return html`<ol class="tokens">
        ${batch.tokens.map((token) => html`<li><bdi>${readable(token)}</bdi></li>`)}
      </ol>
      ${dataTable({ columns: [say.columns.token], rows: batch.tokens.map((token) => [readable(token)]) }, say.table)}`;
  }

  #renderXlnet({ tokens, order, targets, content_mask, query_mask }: Xlnet): TemplateResult {
    const places = placesOf(order);
    const names = tokens.map(readable);
    const size = tokens.length;
    // Only these are predicted: the others are context.
    const predicted = [...targets].sort((a, b) => a - b);
    const chosen = predicted.includes(this.#position ?? -1) ? this.#position! : (targets.at(-1) ?? 0);
    const sees = new Set(seenBy(query_mask, chosen, size));
    const mask = (which: 'content' | 'query', values: Uint8Array): TemplateResult =>
      html`<figure>
        <figcaption><strong>${say[which]}</strong> <span class="small muted">${say[`${which}About`]}</span></figcaption>
        <cloze-drawing
          .drawing=${maskDrawing(values, size, { chosen, width: Math.min(this.desk.width, 340), title: say.mask(say[which]) })}
        ></cloze-drawing>
      </figure>`;
    return html`<ol class="tokens order">
        ${names.map(
          (name, at) =>
            html`<li class="${targets.includes(at) ? 'target' : ''} ${sees.has(at) ? 'seen' : ''}">
              <bdi>${name}</bdi
              ><small
                ><span class="hidden-text"
                  >${say.order(places[at]!)}${targets.includes(at) ? `, ${say.target}` : ''}</span
                ><span aria-hidden="true">${places[at]}</span></small
              >
            </li>`,
        )}
      </ol>
      <div class="field">
        <p class="label">${say.choose}</p>
        ${tokenPicker({
          label: say.choose,
          tokens: predicted.map(() => ({ special: false }) as TokenInfo),
          names: predicted.map((position) => names[position]!),
          chosen: predicted.indexOf(chosen),
          choose: (at) => {
            this.#position = predicted[at];
            this.desk.host.requestUpdate();
          },
        })}
        <p>${say.sees(names[chosen]!, count(sees.size, 'token'))}</p>
      </div>
      <div class="beside">${mask('content', content_mask)} ${mask('query', query_mask)}</div>
      ${dataTable(
        {
          columns: [say.columns.token, say.columns.place, say.columns.target],
          rows: names.map((name, at) => [name, places[at]!, targets.includes(at) ? say.target : '']),
        },
        say.table,
      )}`;
  }
}

function renderBert({ tokens, labels, kinds, is_next }: Bert): TemplateResult {
  const of = (kind: 'mask' | 'random' | 'keep'): number => kinds.filter((one) => one === kind).length;
  const guessed = kinds.some((kind) => kind !== null);
  return html`${is_next === null ? nothing : html`<p>${is_next ? say.isNext : say.notNext}</p>`}
    ${guessed ? html`<p>${say.counts(of('mask'), of('random'), of('keep'))}</p>` : nothing}
    <ol class="tokens">
      ${tokens.map(
        (token, at) =>
          html`<li class=${kinds[at] ? 'target' : /^\[(?:CLS|SEP|PAD)\]$/u.test(token) ? 'special' : nothing}>
            <bdi>${token}</bdi>${
              kinds[at]
                ? html`<small
                    >${say.was(labels[at] ?? '')}<span class="hidden-text"
                      >${commas('', say.kinds[kinds[at]])}</span
                    ></small
                  >`
                : nothing
            }
          </li>`,
      )}
    </ol>
    ${dataTable(
      {
        columns: [say.columns.token, say.columns.kind, say.columns.label],
        rows: tokens.map((token, at) => [token, kinds[at] ? say.kinds[kinds[at]] : '', labels[at] ?? '']),
      },
      say.table,
    )}`;
}

/** Who sees whom, as a grid; the row of the chosen token is framed. */
function maskDrawing(
  mask: Uint8Array,
  size: number,
  { chosen, width, title }: { chosen: number; width: number; title: string },
): Drawing {
  const cell = Math.min(24, (width - 2) / size);
  const span = cell * size;
  const frame = { kind: 'rect', x: 1, width: span, fill: 'none' } as const;
  const shapes: Shape[] = [
    {
      kind: 'raster',
      x: 1,
      y: 1,
      width: span,
      height: span,
      columns: size,
      rows: size,
      values: Float32Array.from(mask),
      high: full('bert'),
    },
    { ...frame, y: 1, height: span, stroke: muted },
    { ...frame, y: 1 + chosen * cell, height: cell, stroke: ink },
  ];
  return { width: span + 2, height: span + 2, title, shapes };
}
