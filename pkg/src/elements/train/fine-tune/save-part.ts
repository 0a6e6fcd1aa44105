/** What becomes of a fine-tuned model: opened on another screen, saved as a folder, kept in this browser. */
import { html, nothing, type TemplateResult } from 'lit';
import { trainWords } from '../../../words/train.js';
import { words } from '../../../words/index.js';
import { copyText } from '../../clipboard.js';
import { moment, size } from '../../format.js';
import { download } from '../../inside/drawing/save.js';
import { problemBelow } from '../../widgets/parts.js';
import { problemText } from '../../controllers/problem.js';
import type { TrainFrame } from '../view.js';
import type { Format } from './draft.js';
import { filesOf, folderOf, keepModel, listModels, removeModel, type OwnModel } from './own-models.js';
import type { TuneSession } from './session.js';
import { TASK_OF } from './settings.js';

const say = trainWords.fineTune;

/** Where a model of each format is used. */
const SCREEN_OF = { sentence: 'classify', pair: 'classify', tagging: 'tag', span: 'answer' } as const satisfies Record<
  Format,
  string
>;

/** What the part needs of its view. */
interface Around {
  readonly frame: TrainFrame;
  requestUpdate(): void;
}

/** Saving, and what was saved. */
export class SavePart {
  #name = '';
  #models: readonly OwnModel[] = [];
  #packing = false;
  #problem: string | undefined;

  constructor(private readonly around: Around) {}

  /** Looks what is kept. */
  async look(): Promise<void> {
    this.#models = await listModels();
    this.around.requestUpdate();
  }

  /** The buttons for the model that was just trained. */
  render(session: TuneSession, format: Format): TemplateResult {
    const name = this.#folderName;
    const { save } = say;
    const off = this.#packing;
    return html`<section aria-labelledby="save-title">
      <h4 id="save-title">${save.heading}</h4>
      <div class="field short">
        <label for="name">${save.name}</label>
        <input
          type="text"
          id="name"
          autocomplete="off"
          placeholder=${save.defaultName}
          .value=${this.#name}
          @input=${(event: Event) => {
            this.#name = (event.target as HTMLInputElement).value;
            this.around.requestUpdate();
          }}
        />
      </div>
      <div class="row">
        <button type="button" id="open" ?disabled=${off} @click=${() => void this.#with(session, (files) => this.#open(format, name, files))}>
          ${save.open(words.labels[SCREEN_OF[format]])}
        </button>
        <button type="button" id="keep" ?disabled=${off} @click=${() => void this.#with(session, (files) => this.#keep(session, format, files))}>
          ${save.keep}
        </button>
        <button type="button" id="download" ?disabled=${off} @click=${() => void this.#with(session, (files) => this.#download(name, files))}>
          ${save.download}
        </button>
      </div>
      ${problemBelow('save', this.#problem)}
      ${this.#renderCode(save.code, javascript(TASK_OF[format], name), 'code-js')}
      ${this.#renderCode(save.python, python(TASK_OF[format], name), 'code-python')}
    </section>`;
  }

  /** Those that are kept. */
  renderModels(): TemplateResult {
    const { own } = say;
    if (this.#models.length === 0) return html`${nothing}`;
    return html`<section class="scroll" tabindex="0" role="group" aria-label=${own.caption}>
      <table id="own-models">
        <caption>
          ${own.caption}
        </caption>
        <thead>
          <tr>
            ${[own.name, own.classes, own.size, own.made, ''].map((name) =>
              name === '' ? html`<td></td>` : html`<th scope="col">${name}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${this.#models.map((model) => this.#renderModel(model))}
        </tbody>
      </table>
    </section>`;
  }

  #renderModel(model: OwnModel): TemplateResult {
    const { own } = say;
    const format = model.format as Format;
    const screen = SCREEN_OF[format];
    return html`<tr>
      <th scope="row"><bdi>${model.name}</bdi></th>
      <td><bdi>${model.labels.join(', ')}</bdi></td>
      <td>${size(model.bytes)}</td>
      <td>${moment(model.made)}</td>
      <td>
        <div class="row">
          <button
            type="button"
            class="chip"
            aria-label=${own.openNamed(model.name, words.labels[screen])}
            @click=${() => void this.#kept(model, (files) => this.#open(format, model.name, files))}
          >
            ${own.open}
          </button>
          <button
            type="button"
            class="chip"
            aria-label=${own.downloadNamed(model.name)}
            @click=${() => void this.#kept(model, (files) => this.#download(model.name, files))}
          >
            ${own.download}
          </button>
          <button type="button" class="chip" aria-label=${own.removeNamed(model.name)} @click=${() => void this.#remove(model)}>
            ${own.remove}
          </button>
        </div>
      </td>
    </tr>`;
  }

  #renderCode(about: string, code: string, id: string): TemplateResult {
    const { save } = say;
    const copy = async (): Promise<void> =>
      this.around.frame.announce((await copyText(code)) ? save.copied : save.notCopied);
    return html`<div class="field">
      <p class="small muted">${about}</p>
      <div class="with-control">
        <pre class="verbatim" id=${id} tabindex="0">${code}</pre>
        <button type="button" class="quiet" @click=${() => void copy()}>${save.copy}</button>
      </div>
    </div>`;
  }

  /** The name as a folder can have it. */
  get #folderName(): string {
    return this.#name.trim().replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/gu, '') || say.save.defaultName;
  }

  #open(format: Format, name: string, files: File[]): void {
    this.around.frame.openIn(SCREEN_OF[format], name, files);
  }

  async #download(name: string, files: File[]): Promise<void> {
    const { zipFolder } = await import('../../../training/index.js');
    download(await zipFolder(files), `${name}.zip`);
    this.around.frame.announce(say.save.downloaded(`${name}.zip`));
  }

  async #keep(session: TuneSession, format: Format, files: File[]): Promise<void> {
    const labels = session.main.tune?.info.labels ?? [];
    try {
      const kept = await keepModel({ name: this.#folderName, format, labels }, files);
      this.around.frame.announce(say.save.kept(kept.name, size(kept.bytes)));
    } catch {
      this.#problem = say.own.full;
    }
    await this.look();
  }

  async #remove(model: OwnModel): Promise<void> {
    await removeModel(model);
    this.around.frame.announce(say.own.removed(model.name));
    await this.look();
  }

  async #kept(model: OwnModel, act: (files: File[]) => unknown): Promise<void> {
    const files = await filesOf(model).catch(() => []);
    if (files.length > 0) await act(files);
    else this.around.frame.announce(say.own.gone);
  }

  async #with(session: TuneSession, act: (files: File[]) => unknown): Promise<void> {
    this.#packing = true;
    this.#problem = undefined;
    this.around.frame.announce(say.save.packing);
    this.around.requestUpdate();
    try {
      const files = await session.main.tune!.folder();
      this.around.frame.announce('');
      await act(folderOf(this.#folderName, files));
    } catch (error) {
      this.#problem = problemText(error);
    }
    this.#packing = false;
    this.around.requestUpdate();
  }
}

const QUESTION = "{ question: '…', context: '…' }";

const javascript = (task: string, name: string): string =>
  `import { pipeline } from 'cloze';\n\nconst model = await pipeline('${task}', './${name}/');\nawait model(${task === 'question-answering' ? QUESTION : "'…'"});`;

const python = (task: string, name: string): string =>
  `from transformers import pipeline\n\nmodel = pipeline("${task}", "${name}")\nmodel(${task === 'question-answering' ? 'question="…", context="…"' : '"…"'})`;
