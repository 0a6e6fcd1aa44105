/** What becomes of a fine-tuned model: opened on another screen, saved as a folder, kept in this browser. */
import { html, nothing, type TemplateResult } from 'lit';
import type { SavedModel, TrainingHost } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { words } from '../../../words/index.js';
import { copyText } from '../../clipboard.js';
import { moment, size } from '../../format.js';
import { download } from '../../inside/drawing/save.js';
import { problemBelow } from '../../widgets/parts.js';
import { problemText } from '../../controllers/problem.js';
import type { ScreenTask } from '../../rows.js';
import type { TrainFrame } from '../view.js';

const say = trainWords.keeping;

/** A task of a pipeline, and the screen that does it. */
interface Use {
  readonly screen: ScreenTask & keyof typeof words.labels;
  readonly task: string;
}

/** What a model does: of the formats of fine-tuning, or it answers as ChatGPT does. */
export type Kind = 'sentence' | 'pair' | 'tagging' | 'span' | 'chat';

const USE: Readonly<Record<Kind, Use>> = {
  sentence: { screen: 'classify', task: 'text-classification' },
  pair: { screen: 'classify', task: 'text-classification' },
  tagging: { screen: 'tag', task: 'token-classification' },
  span: { screen: 'answer', task: 'question-answering' },
  chat: { screen: 'generate', task: 'text-generation' },
};

/** Where a kept model is used, by its `config.json`. */
async function useOf(files: readonly File[]): Promise<Use> {
  const config = JSON.parse((await files.find(({ name }) => name === 'config.json')?.text()) ?? '{}') as {
    architectures?: string[];
  };
  const [architecture = ''] = config.architectures ?? [];
  if (architecture.endsWith('ForSequenceClassification')) return USE.sentence;
  if (architecture.endsWith('ForTokenClassification')) return USE.tagging;
  return architecture.endsWith('ForQuestionAnswering') ? USE.span : USE.chat;
}

/** A model that was trained and can be saved. */
export interface Trained {
  readonly kind: Kind;
  folder(): Promise<File[]>;
  /** Keeps it in this browser. */
  keep(name: string): Promise<unknown>;
}

/** What the part needs of its view. */
interface Around {
  readonly frame: TrainFrame;
  requestUpdate(): void;
  /** Moves the focus, once the view is drawn anew. */
  focusOn(selector: string): void;
  host(): Promise<TrainingHost>;
}

/** Saving, and what was saved. */
export class SavePart {
  #name = '';
  #models: readonly SavedModel[] = [];
  #stopHearing: (() => void) | undefined;
  #packing = false;
  #problem: { readonly at: 'save' | 'own-models'; readonly message: string } | undefined;
  /** The model that is to be removed, once the reader says so again. */
  #sure: string | undefined;

  constructor(
    private readonly around: Around,
    /** What a model is called whose name is left empty. */
    private readonly defaultName: string,
  ) {}

  /** Looks what is kept, now and whenever that changes. Without a host nothing is. */
  async connect(): Promise<void> {
    const host = await this.around.host().catch(() => undefined);
    if (!host) return;
    const look = async (): Promise<void> => {
      this.#models = await host.models().catch(() => []);
      this.around.requestUpdate();
    };
    this.#stopHearing?.();
    this.#stopHearing = host.on_change(() => void look());
    await look();
  }

  disconnect(): void {
    this.#stopHearing?.();
  }

  /** The buttons for a model that was trained. */
  render(trained: Trained): TemplateResult {
    const name = this.#folderName;
    const use = USE[trained.kind];
    const button = (id: string, label: string, act: () => unknown): TemplateResult =>
      html`<button type="button" id=${id} ?disabled=${this.#packing} @click=${() => void this.#doing('save', act)}>
        ${label}
      </button>`;
    const files = async (): Promise<File[]> => named(name, await trained.folder());
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
        ${button('open', say.open(words.labels[use.screen]), async () => this.#open(use, name, await files()))}
        ${button('keep', say.keep, () => this.#keep(trained, name))}
        ${button('download', say.download, async () => this.#download(name, await files()))}
      </div>
      ${problemBelow('save', this.#problemAt('save'))}
      ${this.#renderCode(say.code, javascript(use.task, name), 'code-js')}
      ${this.#renderCode(say.python, python(use.task, name), 'code-python')}
    </section>`;
  }

  /** Those that are kept. */
  renderModels(): TemplateResult {
    const { own } = say;
    if (this.#models.length === 0) return html`${nothing}`;
    return html`<section aria-label=${own.caption}>
      <div class="scroll" tabindex="0" role="group" aria-label=${own.caption}>
        <table id="own-models">
          <caption>
            ${own.caption}
          </caption>
          <thead>
            <tr>
              ${[own.name, own.size, own.made].map((heading) => html`<th scope="col">${heading}</th>`)}
              <td></td>
            </tr>
          </thead>
          <tbody>
            ${this.#models.map((model) => this.#renderModel(model))}
          </tbody>
        </table>
      </div>
      ${problemBelow('own-models', this.#problemAt('own-models'))}
    </section>`;
  }

  #renderModel({ id, name, bytes, saved }: SavedModel): TemplateResult {
    const { own } = say;
    const files = async (): Promise<File[]> => named(name, await (await this.around.host()).folder(id));
    const open = async (): Promise<void> => {
      const folder = await files();
      this.#open(await useOf(folder), name, folder);
    };
    const button = (label: string, aria: string, act: () => unknown): TemplateResult =>
      html`<button
        type="button"
        class="chip"
        aria-label=${aria}
        ?disabled=${this.#packing}
        @click=${() => void this.#doing('own-models', act)}
      >
        ${label}
      </button>`;
    return html`<tr>
      <th scope="row"><bdi>${name}</bdi></th>
      <td>${size(bytes)}</td>
      <td>${moment(saved)}</td>
      <td>
        ${
          this.#sure === id
            ? html`<div class="row" role="group" aria-label=${own.sure(name)}>
                <span class="small muted">${own.sure(name)}</span>
                <button
                  type="button"
                  class="chip"
                  id="yes"
                  @click=${() => void this.#doing('own-models', () => this.#remove(id, name))}
                >
                  ${own.yes}
                </button>
                <button type="button" class="chip" @click=${() => this.#ask(undefined, `#remove-${id}`)}>
                  ${own.no}
                </button>
              </div>`
            : html`<div class="row">
                ${button(own.open, own.openNamed(name), open)}
                ${button(own.download, own.downloadNamed(name), async () => this.#download(name, await files()))}
                <button
                  type="button"
                  class="chip"
                  id="remove-${id}"
                  aria-label=${own.removeNamed(name)}
                  ?disabled=${this.#packing}
                  @click=${() => this.#ask(id, '#yes')}
                >
                  ${own.remove}
                </button>
              </div>`
        }
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
    const name = this.#name.trim().replace(/[^\p{L}\p{N}._-]+/gu, '-');
    return name.replace(/^[-.]+|[-.]+$/gu, '') || this.defaultName;
  }

  #open({ screen }: Use, name: string, files: File[]): void {
    this.around.frame.openIn(screen, name, files);
    this.around.frame.announce('');
  }

  async #download(name: string, files: File[]): Promise<void> {
    const { zipFolder } = await import('../../../training/index.js');
    download(await zipFolder(files), `${name}.zip`);
    this.around.frame.announce(say.downloaded(`${name}.zip`));
  }

  async #keep(trained: Trained, name: string): Promise<void> {
    await trained.keep(name);
    this.around.frame.announce(say.kept(name));
  }

  /** Asks whether a model is to be removed; it cannot be brought back. */
  #ask(id: string | undefined, focus: string): void {
    this.#sure = id;
    this.around.requestUpdate();
    this.around.focusOn(focus);
  }

  async #remove(id: string, name: string): Promise<void> {
    this.#sure = undefined;
    await (await this.around.host()).remove(id);
    this.around.frame.announce(say.own.removed(name));
    this.around.focusOn('#own-models button, .primary');
  }

  #problemAt(at: 'save' | 'own-models'): string | undefined {
    return this.#problem?.at === at ? this.#problem.message : undefined;
  }

  /** One at a time; what goes wrong is said below the buttons. */
  async #doing(at: 'save' | 'own-models', act: () => unknown): Promise<void> {
    this.#packing = true;
    this.#problem = undefined;
    this.around.frame.announce(at === 'save' ? say.packing : '');
    this.around.requestUpdate();
    try {
      await act();
    } catch (error) {
      this.#problem = { at, message: problemText(error) };
      this.around.frame.announce('');
    }
    this.#packing = false;
    this.around.requestUpdate();
  }
}

/** Files as a browser hands out those of a folder of this name that was picked. */
const named = (name: string, files: readonly File[]): File[] =>
  files.map((file) =>
    Object.defineProperty(new File([file], file.name), 'webkitRelativePath', { value: `${name}/${file.name}` }),
  );

const QUESTION = "{ question: '…', context: '…' }";

const javascript = (task: string, name: string): string =>
  `import { pipeline } from 'cloze';\n\nconst model = await pipeline('${task}', './${name}/');\nawait model(${task === 'question-answering' ? QUESTION : "'…'"});`;

const python = (task: string, name: string): string =>
  `from transformers import pipeline\n\nmodel = pipeline("${task}", "${name}")\nmodel(${task === 'question-answering' ? 'question="…", context="…"' : '"…"'})`;
