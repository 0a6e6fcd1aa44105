/** The page's own models, and what of them is kept in this browser. */
import { defaultModels, models, openModel, type DefaultModelState, type ProgressInfo, type RuntimeInfo } from 'cloze';

/** Whether all of a model is in this browser's storage, by its name or address. */
export async function isKept(model: string): Promise<boolean> {
  const kept = await models.list().catch(() => []);
  return kept.some(({ id, name, complete }) => complete && (id === model || name === model || id === `${model}@main`));
}

/** Whether this browser keeps models at all. */
export const keepsModels = async (): Promise<boolean> => (await models.estimate()).kind !== 'memory';

/** How a model is fetched to be kept. */
export interface Keeping {
  readonly signal: AbortSignal;
  readonly progress: (progress: ProgressInfo) => void;
}

/** Fetches one of them. A load is what keeps a model; the model itself is let go at once. Returns what ran it. */
export async function keepModel({ name }: DefaultModelState, { signal, progress }: Keeping): Promise<RuntimeInfo> {
  const opened = await openModel(undefined, { default_model: name, signal, progress_callback: progress });
  opened.dispose();
  return opened.runtime;
}

/** All of them, with how many of their bytes are kept. */
export const ownModels = defaultModels;

/** Calls `listener` when that changed. */
export const onKeptChange = (listener: () => void): (() => void) => models.on_change(listener);
