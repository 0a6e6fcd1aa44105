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

/** The element of a screen that runs a model: it hands all on to its controller. */
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
