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
import { filesOf, folderOf, keepModel, listModels, removeModel, type OwnModel } from './own-models.js';

const say = trainWords.keeping;

/** What a model does: of the formats of fine-tuning, or it answers as ChatGPT does. */
export type Kind = 'sentence' | 'pair' | 'tagging' | 'span' | 'chat';

/** Where a model of each kind is used, and by which pipeline. */
const USE = {
  sentence: { screen: 'classify', task: 'text-classification' },
  pair: { screen: 'classify', task: 'text-classification' },
  tagging: { screen: 'tag', task: 'token-classification' },
  span: { screen: 'answer', task: 'question-answering' },
  chat: { screen: 'generate', task: 'text-generation' },
} as const;

/** A model that was trained and can be saved. */
export interface Trained {
  readonly kind: Kind;
  readonly labels: readonly string[];
  folder(): Promise<File[]>;
}

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

  constructor(
    private readonly around: Around,
    /** What a model is called whose name is left empty. */
    private readonly defaultName: string,
  ) {}

  /** Looks what is kept. */
  async look(): Promise<void> {
    this.#models = await listModels();
    this.around.requestUpdate();
  }

  /** The buttons for the model that was just trained. */
  render(trained: Trained): TemplateResult {
    const { screen, task } = USE[trained.kind];
    const name = this.#folderName;
    const off = this.#packing;
    return html`<section aria-labelledby="save-title">
      <h4 id="save-title">${say.heading}</h4>
      <div class="field short">
        <label for="name">${say.name}</label>
        <input
          type="text"
          id="name"
          autocomplete="off"
          placeholder=${this.defaultName}
          .value=${this.#name}
          @input=${(event: Event) => {
            this.#name = (event.target as HTMLInputElement).value;
            this.around.requestUpdate();
          }}
        />
      </div>
      <div class="row">
        <button type="button" id="open" ?disabled=${off} @click=${() => void this.#with(trained, (files) => this.#open(trained.kind, name, files))}>
          ${say.open(words.labels[screen])}
        </button>
        <button type="button" id="keep" ?disabled=${off} @click=${() => void this.#with(trained, (files) => this.#keep(trained, files))}>
          ${say.keep}
        </button>
        <button type="button" id="download" ?disabled=${off} @click=${() => void this.#with(trained, (files) => this.#download(name, files))}>
          ${say.download}
        </button>
      </div>
      ${problemBelow('save', this.#problem)}
      ${this.#renderCode(say.code, javascript(task, name), 'code-js')}
      ${this.#renderCode(say.python, python(task, name), 'code-python')}
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
    const kind = model.kind as Kind;
    const { screen } = USE[kind];
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
            @click=${() => void this.#kept(model, (files) => this.#open(kind, model.name, files))}
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
    const copy = async (): Promise<void> =>
      this.around.frame.announce((await copyText(code)) ? say.copied : say.notCopied);
    return html`<div class="field">
      <p class="small muted">${about}</p>
      <div class="with-control">
        <pre class="verbatim" id=${id} tabindex="0">${code}</pre>
        <button type="button" class="quiet" @click=${() => void copy()}>${say.copy}</button>
      </div>
    </div>`;
  }

  /** The name as a folder can have it. */
  get #folderName(): string {
    return this.#name.trim().replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/gu, '') || this.defaultName;
  }

  #open(kind: Kind, name: string, files: File[]): void {
    this.around.frame.openIn(USE[kind].screen, name, files);
  }

  async #download(name: string, files: File[]): Promise<void> {
    const { zipFolder } = await import('../../../training/index.js');
    download(await zipFolder(files), `${name}.zip`);
    this.around.frame.announce(say.downloaded(`${name}.zip`));
  }

  async #keep({ kind, labels }: Trained, files: File[]): Promise<void> {
    try {
      const kept = await keepModel({ name: this.#folderName, kind, labels }, files);
      this.around.frame.announce(say.kept(kept.name, size(kept.bytes)));
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

  async #with(trained: Trained, act: (files: File[]) => unknown): Promise<void> {
    this.#packing = true;
    this.#problem = undefined;
    this.around.frame.announce(say.packing);
    this.around.requestUpdate();
    try {
      const files = await trained.folder();
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
