/** What the elements of all screens that run a model have for the page: attributes, properties, methods. */
import { LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { ModelArgument, PipelineOptions } from '../index.js';
import { appearanceProperties, type Appearance, type Shown } from './appearance.js';
import { propertyOf, stateAttributes, type StateProperties } from './attributes.js';
import type { ScreenController } from './controllers/screen.js';
import type { AnyPipeline, ScreenHost } from './controllers/screen-parts.js';
import type { Example } from './controllers/beginning.js';
import type { Schema } from './state.js';
import { renderScreen } from './widgets/frame.js';

/**
 * The element of a screen that runs a model: it hands all on to its controller. Attributes that set the state say what stands
 * there at first; as with `value` of `<input>`, they do not change as the reader types. Those of the look are reflected.
 *
 * @attr {string} model - folder or hub id; left out, the model that comes with the package
 * @attr {string} model-name - what to call it
 * @attr {string} dtype - how weights are stored: `q8`, `q4` or `fp32`
 * @attr {string} build - which WebAssembly build runs
 * @attr {number} threads - how many threads at most
 * @attr {boolean} autorun - runs once as soon as the model is there, which is fetched once the element is seen
 * @attr {boolean} full - shows all parts
 * @attr {boolean} compact - input, button and result, as without `full`
 * @attr {'show' | 'none'} heading - the heading
 * @attr {'show' | 'none'} explain - what explains it
 * @attr {'show' | 'none'} examples - the examples
 * @attr {'show' | 'none'} settings - the settings
 * @attr {'show' | 'none'} facts - model, build and times
 * @attr {'show' | 'none'} copy - the button that copies the result
 * @attr {string} share-url - the page that links to this screen lead to; without it none is offered
 * @attr {'auto' | 'light' | 'dark'} theme - the theme, where it is not the page's
 * @fires cloze-change {CustomEvent} - the state changed
 * @fires cloze-progress {CustomEvent<ProgressInfo>} - the model is being fetched
 * @fires cloze-ready {CustomEvent} - the model is there
 * @fires cloze-result {CustomEvent} - a run ended
 * @fires cloze-error {CustomEvent<ClozeError>} - a run or a load failed, or an attribute was refused
 * @cssprop --cloze-ink - text
 * @cssprop --cloze-muted - what is said beside it
 * @cssprop --cloze-paper - background
 * @cssprop --cloze-inset - background of what is set apart
 * @cssprop --cloze-line - lines
 * @cssprop --cloze-control - borders of controls
 * @cssprop --cloze-bert - the hue of what reads both ways
 * @cssprop --cloze-gpt - the hue of what reads left to right
 * @cssprop --cloze-error - what went wrong
 * @cssprop --cloze-font - the face
 * @cssprop --cloze-serif - the face of texts
 * @cssprop --cloze-mono - the face of tokens
 * @cssprop --cloze-measure - the width of paragraphs
 * @cssprop --cloze-target - the least height of controls
 * @cssprop --cloze-radius - of corners
 */
export abstract class ScreenElement<S extends object, P extends AnyPipeline, R>
  extends LitElement
  implements ScreenHost
{
  /** What is typed and set: each key has an attribute and a property. */
  static readonly schema: Schema = {};

  static override properties: PropertyDeclarations = {
    model: {},
    modelName: { attribute: 'model-name' },
    token: { attribute: false },
    dtype: {},
    build: {},
    threads: { type: Number },
    autorun: { type: Boolean, reflect: true },
    shareUrl: { attribute: 'share-url' },
    ...appearanceProperties,
  };

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...stateAttributes(this.schema).keys()];
  }

  protected static override finalize(): void {
    super.finalize();
    for (const key of stateAttributes(this.schema).values()) {
      Object.defineProperty(this.prototype, propertyOf(key), {
        get(this: WithState) {
          return this.state[key];
        },
        set(this: WithState, value: unknown) {
          this.state = { [key]: value };
        },
        enumerable: true,
        configurable: true,
      });
    }
  }

  declare model: ModelArgument;
  declare modelName: string | undefined;
  declare token: string | undefined;
  declare dtype: PipelineOptions['dtype'];
  declare build: PipelineOptions['build'];
  declare threads: number | undefined;
  declare autorun: boolean;
  declare shareUrl: string | (() => string) | undefined;
  declare full: boolean;
  declare compact: boolean;
  declare theme: Appearance['theme'];
  declare heading: Shown;
  declare explain: Shown;
  declare examples: Shown | readonly Example<S>[];
  declare settings: Shown;
  declare facts: Shown;
  declare copy: Shown;

  protected abstract readonly screen: ScreenController<S, P, R>;

  /** Hears what the page puts into the element. */
  #children: MutationObserver | undefined;
  #connectedBefore = false;

  constructor() {
    super();
    this.autorun = false;
    this.full = false;
    this.compact = false;
  }

  /** Everything typed and set, as plain JSON. Setting merges the keys; throws on those that do not exist, and values it cannot use. */
  get state(): S {
    return this.screen.link.state;
  }
  set state(given: Partial<S>) {
    this.screen.set(given);
  }

  /** The state with what a run chose itself, so that it reproduces the result that is shown. */
  get shareState(): S {
    return this.state;
  }

  /** The result that is shown. */
  get result(): R | undefined {
    return this.screen.result;
  }

  /** Loads the model if it is not there yet. */
  load(): Promise<void> {
    return this.screen.load();
  }

  /** Does the task with what is typed; a run that is under way is replaced. Resolves with the result, if there is one. */
  run(): Promise<R | undefined> {
    return this.screen.run();
  }

  /** Stops the run, and the loading of the model if that is what it waits for. */
  stop(): void {
    this.screen.stop();
  }

  override attributeChangedCallback(name: string, before: string | null, text: string | null): void {
    super.attributeChangedCallback(name, before, text);
    this.screen.attributeChanged(name, text);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#children = new MutationObserver(() => this.requestUpdate());
    this.#children.observe(this, { childList: true });
    if (this.#connectedBefore) return;
    this.#connectedBefore = true;
    this.#takeEarly();
    this.screen.beginning.warnOfUnknown((this.constructor as typeof ScreenElement).observedAttributes);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#children?.disconnect();
  }

  protected override render(): TemplateResult {
    return renderScreen(this.screen);
  }

  /** Takes what a page set before the element's script had arrived: as plain properties, those hide the real ones. */
  #takeEarly(): void {
    const { schema } = this.constructor as typeof ScreenElement;
    const early = this as unknown as Record<string, unknown>;
    for (const name of ['state', ...[...stateAttributes(schema).values()].map(propertyOf)]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = early[name];
      delete early[name];
      early[name] = value;
    }
  }
}

/** An element with a state, whatever that is. */
interface WithState {
  state: Record<string, unknown>;
}

/** What a screen's element extends: {@link ScreenElement} with the properties of its state. */
export function screenElement<S extends object, P extends AnyPipeline, R>(
  schema: Schema<S>,
): ScreenElementClass<S, P, R> {
  abstract class WithSchema extends ScreenElement<S, P, R> {
    static override readonly schema = schema as Schema;
  }
  return WithSchema as unknown as ScreenElementClass<S, P, R>;
}

type ScreenElementClass<S extends object, P extends AnyPipeline, R> = Omit<typeof ScreenElement, 'prototype'> &
  (abstract new () => ScreenElement<S, P, R> & StateProperties<S>);
