/** The page's own models, kept for use without a network before they are needed. */
import { models, openModel } from 'cloze';

/** As `models` calls them, with what loads them. */
const OWN = { 'cloze:bert': 'bert', 'cloze:gpt': 'gpt' } as const;

/** Whether all of a model is in this browser's storage, by its name or address. */
export async function isKept(model: string): Promise<boolean> {
  const kept = await models.list().catch(() => []);
  return kept.some(({ id, name, complete }) => complete && (id === model || name === model || id === `${model}@main`));
}

/**
 * Fetches what is missing of them, one after the other; false where that costs the reader money, or nothing can be kept.
 * A load is what keeps a model; the model itself is let go at once.
 */
export async function keepOwnModels(): Promise<boolean> {
  const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (saves || (await models.estimate()).kind === 'memory') return false;
  for (const [id, default_model] of Object.entries(OWN)) {
    if (!(await isKept(id))) (await openModel(undefined, { default_model })).dispose();
  }
  return (await Promise.all(Object.keys(OWN).map(isKept))).every((kept) => kept);
}
