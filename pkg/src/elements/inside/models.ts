/** The models that a view looks into, opened together and let go together. */
import {
  models,
  openModel,
  pipeline,
  type ModelArgument,
  type OpenedModel,
  type PipelineOptions,
} from '../../index.js';
import { ClozeError } from '../../border/errors.js';
import { insideWords } from '../../words/inside.js';
import type { AnyPipeline, ScreenHost } from '../controllers/screen-parts.js';
import type { InsideModel, ModelKey } from './view.js';

const say = insideWords.models;

/** What was picked from the device, numbered: two folders may have the same name. */
const picked = new WeakMap<object, number>();
let pickedSoFar = 0;

/** Which model an element was given, and how its weights are stored. */
export function identityOf({ model, dtype }: Pick<ScreenHost, 'model' | 'dtype'>): string {
  return JSON.stringify([numbered(model), dtype]);
}

function numbered(model: ModelArgument): string | number | null | undefined {
  if (typeof model !== 'object' || model === null) return model;
  if (!picked.has(model)) picked.set(model, (pickedSoFar += 1));
  return picked.get(model);
}

/** How long a model is kept that a change of view made superfluous, ms: the next view may need it. */
const LINGER = 3000;

/** Opened models. */
export interface InsideModels extends AnyPipeline {
  get(key: ModelKey): InsideModel | undefined;
}

/** Opens models, the first of which the screen is about. */
export async function openModels(
  host: ScreenHost,
  name: string,
  keys: readonly ModelKey[],
  options: PipelineOptions,
): Promise<InsideModels> {
  const opened = new Map<ModelKey, InsideModel & { readonly opened: OpenedModel }>();
  const dispose = (): void => opened.forEach((one) => one.opened.dispose());
  try {
    // One after the other, so that it can be told how far each is.
    for (const key of keys) opened.set(key, await openOne(host, name, key, options));
  } catch (error) {
    dispose();
    throw error;
  }
  const [first] = opened.values();
  return {
    info: first!.info,
    runtime: first!.runtime,
    get: (key) => opened.get(key),
    dispose: () => setTimeout(dispose, LINGER),
  };
}

async function openOne(host: ScreenHost, name: string, key: ModelKey, options: PipelineOptions) {
  const own = key === 'bert' || key === 'gpt';
  const given = key === 'given';
  const kept = own || given ? undefined : key.slice(KEPT.length);
  // A link names it: what is not here is not fetched from anywhere without a word of the reader.
  if (kept !== undefined && !(await keptModels()).some(({ model }) => model === kept))
    throw new ClozeError('not_found', say.notKept(kept));
  const model = given ? host.model : kept;
  // What was typed for the origin of the screen's model is for no other one.
  const { token: _, ...others } = options;
  const settings = given ? options : others;
  const opened = await openModel(model, { ...settings, ...(own && { default_model: key }) });
  const { info, runtime, inspect } = opened;
  return {
    opened,
    key,
    id: `${key} ${identityOf({ model, dtype: options.dtype })}`,
    name: own ? say.own[key] : given ? name : String(model),
    info,
    runtime,
    inspect,
    pipeline: <T extends Parameters<typeof pipeline>[0]>(task: T) => {
      const { signal: __, control: ___, progress_callback: ____, ...load } = settings;
      return pipeline(task, model, load);
    },
  };
}

/** What the keys of kept models begin with. */
const KEPT = 'kept:';

/** The key of a model by what stands in a link for it. */
export const keyOf = (name: string): ModelKey => (name === 'bert' || name === 'gpt' ? name : `${KEPT}${name}`);

/** A model that this browser keeps. */
export interface KeptModel {
  /** What `pipeline` takes. */
  readonly model: string;
  readonly bytes: number;
}

/** The models that this browser keeps whole, without the page's own. */
export async function keptModels(): Promise<KeptModel[]> {
  const stored = await models.list().catch(() => []);
  return stored
    .filter(({ source, complete }) => source !== 'default' && complete)
    .map(({ id, name, source, bytes }) => ({ model: source === 'hub' ? id : name, bytes: bytes ?? 0 }));
}
