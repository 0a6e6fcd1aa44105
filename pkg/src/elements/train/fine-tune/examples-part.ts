/** The first step of fine-tuning: examples, typed, pasted, imported, or from a table. */
import { html, nothing, type TemplateResult } from 'lit';
import { loadTable, TABLES, type OwnTable } from '../../../training/data.js';
import { trainWords } from '../../../words/train.js';
import { commas, count, number, size } from '../../format.js';
import { csvFile, download } from '../../inside/drawing/save.js';
import { problemText } from '../../controllers/problem.js';
import { choice, problemBelow } from '../../widgets/parts.js';
import { Kept } from '../keeping/kept.js';
import { examplesOf, idOf, labelId, type Made, type Trouble } from './data.js';
import { EMPTY, FORMATS, hasHeadings, isBlank, oneLine, type Draft, type Format } from './draft.js';
import { COLUMNS, csvRows, fromData, ImportError, jsonText, readFile, type Filled } from './exchange.js';

const say = trainWords.fineTune;

/** What the part needs of its view. */
interface Around {
  requestUpdate(): void;
  announce(text: string): void;
  /** A table was taken, of which so many percent are to be held back. */
  tableTaken(held_out: number): void;
  /** Fills the boxes anew, or the format changed: what was learnt belongs to other examples. */
  refilled(): void;
}

/** What is typed and what it was before it was filled anew. */
interface Typed extends Draft {
  readonly before: readonly Partial<Draft>[];
}

/** Fillings that can be undone. */
const MOST_UNDONE = 5;

/** The examples. */
export class ExamplesPart {
  readonly #kept: Kept<Typed>;
  /** What is wrong, once Start was pressed. */
  #troubles: readonly Trouble[] = [];
  /** What is wrong with a file or a table. */
  #problem: string | undefined;
  #full = false;
  #fetching: OwnTable | undefined;

  constructor(private readonly around: Around) {
    this.#kept = new Kept<Typed>('cloze.train.fine-tune', { ...EMPTY, before: [] }, (what) => {
      if (what !== 'changed') this.#full = what === 'full';
      around.requestUpdate();
    });
  }

  get draft(): Draft {
    return this.#kept.value;
  }

  get format(): Format {
    return this.draft.format;
  }

  connect(): void {
    this.#kept.connect();
  }

  disconnect(): void {
    this.#kept.disconnect();
  }

  /** The examples; undefined if something is wrong with them, which is then said beside the boxes. */
  take(): Made | undefined {
    const made = examplesOf(this.draft);
    this.#troubles = made.troubles;
    this.around.requestUpdate();
    return made.troubles.length === 0 ? made : undefined;
  }

  /** The box that the first trouble is about. */
  get firstTrouble(): string | undefined {
    return this.#troubles[0]?.at;
  }

  /** Changes what is typed. */
  change(change: Partial<Draft>): void {
    this.#kept.change(change);
    // What was wrong is said of what stands there now.
    if (this.#troubles.length > 0) this.#troubles = examplesOf(this.draft).troubles;
    this.around.requestUpdate();
  }

  /** Reads a file of examples. */
  async import(file: File): Promise<void> {
    this.#problem = undefined;
    try {
      this.#fill(readFile(await file.text(), this.draft));
      this.around.announce(say.imported(file.name, this.#counted()));
    } catch (error) {
      this.#problem = error instanceof ImportError ? say.imports[error.why] : say.imports.no_json;
      this.around.requestUpdate();
    }
  }

  render(busy: boolean): TemplateResult {
    const { draft } = this;
    const { format } = draft;
    return html`<section aria-labelledby="examples-title">
      <h4 id="examples-title">${say.examples}</h4>
      <fieldset class="choices" ?disabled=${busy}>
        <legend>${say.format}</legend>
        ${FORMATS.map((name) =>
          choice({
            name: 'format',
            label: say.formats[name].name,
            about: say.formats[name].about,
            checked: name === format,
            choose: () => this.#turnTo(name),
          }),
        )}
      </fieldset>
      ${this.#renderTables(busy)} ${hasHeadings(format) ? this.#renderHeadings(format) : this.#renderLines(format)}
      <div class="row">
        ${
          hasHeadings(format)
            ? html`<button type="button" id="add-heading" @click=${() => this.#addHeading(format)}>
                ${say.addHeading}
              </button>`
            : nothing
        }
        <button type="button" id="import" aria-describedby="file-problem" @click=${() => this.#pick()}>
          ${say.import}
        </button>
        <button type="button" ?disabled=${isBlank(draft, format)} @click=${() => this.#export('json')}>
          ${say.exportJson}
        </button>
        <button type="button" ?disabled=${isBlank(draft, format)} @click=${() => this.#export('csv')}>
          ${say.exportCsv}
        </button>
        <button type="button" class="quiet" ?disabled=${isBlank(draft, format)} @click=${() => this.#clear()}>
          ${say.clear}
        </button>
        <button
          type="button"
          id="undo"
          class="quiet"
          ?disabled=${this.#kept.value.before.length === 0}
          @click=${() => this.#undo()}
        >
          ${say.undo}
        </button>
      </div>
      ${problemBelow('file', this.#problem)} ${problemBelow('kept', this.#full ? say.notKept : undefined)}
      ${this.#renderCount()}
    </section>`;
  }

  #renderTables(busy: boolean): TemplateResult {
    const tables = TABLES.filter(({ format }) => format === this.format);
    if (tables.length === 0) return html`${nothing}`;
    return html`<div class="row" role="group" aria-label=${say.tables}>
      <span class="small muted" aria-hidden="true">${say.tables}</span>
      ${tables.map(
        (table) =>
          html`<button
            type="button"
            class="chip"
            data-table=${table.name}
            ?disabled=${busy || this.#fetching !== undefined}
            @click=${() => void this.#fetch(table)}
          >
            ${say.tableOf(table.title, size(table.bytes))}
          </button>`,
      )}
    </div>`;
  }

  #renderHeadings(format: 'sentence' | 'pair'): TemplateResult {
    const headings = this.draft[format];
    return html`<p class="small muted" id="lines-about">${say.lines[format]}</p>
      <div class="boxes headings">
        ${headings.map(({ label, text }, at) => {
          const shown = label.trim() || say.heading(number(at + 1));
          return html`<div class="heading" role="group" aria-label=${shown}>
            <div class="field">
              <label for=${labelId(format, at)}>${say.heading(number(at + 1))}</label>
              <div class="with-control">
                <input
                  type="text"
                  dir="auto"
                  id=${labelId(format, at)}
                  autocomplete="off"
                  placeholder=${say.placeholders[format][Math.min(at, 2)]!}
                  .value=${label}
                  aria-invalid=${this.#troubleAt(labelId(format, at)) ? 'true' : 'false'}
                  aria-describedby="${labelId(format, at)}-problem"
                  @input=${(event: Event) => this.#changeHeading(format, at, { label: valueOf(event) })}
                />
                <button
                  type="button"
                  class="quiet"
                  aria-label=${say.removeHeading(shown)}
                  ?disabled=${headings.length <= 2}
                  @click=${() => this.#removeHeading(format, at)}
                >
                  ${say.remove}
                </button>
              </div>
              ${problemBelow(labelId(format, at), this.#troubleAt(labelId(format, at)))}
            </div>
            ${this.#renderBox(idOf(format, at), text, {
              label: label.trim() ? say.headingExamples(label.trim()) : say.headingNumber(number(at + 1)),
              change: (typed) => this.#changeHeading(format, at, { text: typed }),
            })}
            <p class="small muted">${count(text.split('\n').filter((line) => line.trim()).length, 'example')}</p>
          </div>`;
        })}
      </div>`;
  }

  #renderLines(format: 'tagging' | 'span'): TemplateResult {
    const { draft } = this;
    return html`<p class="small muted" id="lines-about">${say.lines[format]}</p>
      ${this.#renderBox(format, draft[format], {
        label: say[format],
        change: (text) => this.change({ [format]: text }),
      })}
      ${
        format === 'tagging'
          ? html`<div class="field short">
              <label for="untagged">${say.untagged}</label>
              <input
                type="text"
                id="untagged"
                autocomplete="off"
                .value=${draft.untagged}
                @change=${(event: Event) => this.change({ untagged: oneLine(valueOf(event)).replace(/[\s/]+/gu, '-') || 'O' })}
              />
            </div>`
          : nothing
      }`;
  }

  #renderBox(id: string, value: string, box: { label: string; change: (text: string) => void }): TemplateResult {
    const problem = this.#troubleAt(id);
    return html`<div class="field">
      <label for=${id}>${box.label}</label>
      <textarea
        id=${id}
        dir="auto"
        rows="8"
        .value=${value}
        aria-invalid=${problem ? 'true' : 'false'}
        aria-describedby="${id}-problem lines-about"
        @input=${(event: Event) => box.change(valueOf(event))}
      ></textarea>
      ${problemBelow(id, problem)}
    </div>`;
  }

  #renderCount(): TemplateResult {
    const { draft } = this;
    if (isBlank(draft, draft.format)) return html`${nothing}`;
    const { examples, repeated } = examplesOf(draft);
    const source = draft.source[draft.format];
    const expect = TABLES.find(({ name }) => name === draft.table[draft.format])?.expect;
    const tags = 'labels' in examples && examples.format === 'tagging' ? say.tagsFound(commas(...examples.labels)) : '';
    return html`<p class="small muted" id="count">
        ${say.count(this.#counted())} ${tags} ${repeated > 0 ? say.repeated(count(repeated, 'line')) : nothing}
      </p>
      ${expect ? html`<p class="small muted">${expect}</p>` : nothing}
      ${source === '' ? nothing : html`<p class="small muted">${say.credit(source)}</p>`}`;
  }

  #troubleAt(id: string): string | undefined {
    const trouble = this.#troubles.find(({ at }) => at === id);
    return trouble && troubleText(trouble);
  }

  #counted(): string {
    return count(examplesOf(this.draft).examples.examples.length, 'example');
  }

  // ---- what changes it --------------------------------------------------------------------------------------------

  #changeHeading(format: 'sentence' | 'pair', index: number, change: { label?: string; text?: string }): void {
    this.change({ [format]: this.draft[format].map((one, at) => (at === index ? { ...one, ...change } : one)) });
  }

  #addHeading(format: 'sentence' | 'pair'): void {
    this.change({ [format]: [...this.draft[format], { label: '', text: '' }] });
  }

  #removeHeading(format: 'sentence' | 'pair', index: number): void {
    this.#fill({ format, [format]: this.draft[format].filter((_, at) => at !== index) });
  }

  #turnTo(format: Format): void {
    this.#troubles = [];
    this.#problem = undefined;
    this.change({ format });
    this.around.refilled();
  }

  /** Fills boxes; what they held can be brought back. */
  #fill(filled: Filled): void {
    const { before, ...draft } = this.#kept.value;
    const keys = Object.keys(filled) as (keyof Draft)[];
    const held = Object.fromEntries(keys.map((key) => [key, draft[key]])) as Partial<Draft>;
    this.#troubles = [];
    this.#kept.change({ ...filled, before: [...before, held].slice(-MOST_UNDONE) });
    this.around.refilled();
    this.around.requestUpdate();
  }

  #undo(): void {
    const { before } = this.#kept.value;
    this.#troubles = [];
    this.#kept.change({ ...before.at(-1), before: before.slice(0, -1) });
    this.around.refilled();
    this.around.announce(say.undone);
    this.around.requestUpdate();
  }

  #clear(): void {
    const { format, source, table, tries } = this.draft;
    const beside = {
      source: { ...source, [format]: '' },
      table: { ...table, [format]: '' },
      tries: { ...tries, [format]: [] },
    };
    this.#fill({ format, [format]: EMPTY[format], ...beside });
    this.around.announce(say.cleared);
  }

  async #fetch(table: OwnTable): Promise<void> {
    this.#problem = undefined;
    this.#fetching = table;
    this.around.announce(say.fetching(table.title));
    this.around.requestUpdate();
    try {
      const file = await loadTable(table.name);
      this.#fill(fromData({ ...file }, this.draft, table.name));
      this.around.tableTaken(Math.round(1000 * file.held_out_share) / 10);
      this.around.announce(say.filled(table.title, this.#counted()));
    } catch (error) {
      this.#problem = error instanceof ImportError ? say.imports[error.why] : problemText(error);
    }
    this.#fetching = undefined;
    this.around.requestUpdate();
  }

  #pick(): void {
    const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.json,.csv,.tsv,.txt' });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file) void this.import(file);
    });
    input.click();
  }

  #export(kind: 'json' | 'csv'): void {
    // Lines that are no examples are left out, which is said of them.
    this.take();
    const { examples } = examplesOf(this.draft);
    const file = `examples-${examples.format}.${kind}`;
    const json = (): Blob => new Blob([jsonText(examples, this.draft)], { type: 'application/json' });
    download(kind === 'csv' ? csvFile(COLUMNS[examples.format], csvRows(examples)) : json(), file);
    this.around.announce(say.exported(file));
  }
}

const valueOf = (event: Event): string => (event.target as HTMLInputElement | HTMLTextAreaElement).value;

function troubleText(trouble: Trouble): string {
  const { troubles } = say;
  switch (trouble.why) {
    case 'same_label':
      return troubles.same_label(trouble.label);
    case 'too_few':
      return troubles.too_few(number(trouble.found), number(trouble.needed));
    case 'parts':
      return troubles.parts(number(trouble.line), number(trouble.found), number(trouble.needed));
    case 'empty_part':
      return troubles.empty_part(number(trouble.line));
    case 'not_in_text':
      return troubles.not_in_text(number(trouble.line), trouble.answer);
    default:
      return troubles[trouble.why];
  }
}
