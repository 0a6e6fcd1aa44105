/** What a model cannot run without, and what of it is not stored. */
import { isWeightFile, partsOf, SAFETENSORS } from '../bytes/weight-files.js';
import type { FileRecord } from './record.js';

/** The files of models whose list is known from elsewhere, such as the package's own; undefined for others. */
export type KnownFiles = (model: string) => readonly string[] | undefined;

/** The names of the files that are missing or not whole, of all that is stored of a model. */
export function missingFiles(records: readonly FileRecord[], known: KnownFiles = () => undefined): string[] {
  const whole = new Set(records.filter(({ complete }) => complete).map(({ name }) => name));
  const required = (records[0] && known(records[0].model.id)) ?? recordedFiles(records);
  if (required) return required.filter((name) => !whole.has(name));
  // Nothing was recorded, as by older versions or before the weights were asked for.
  const weights = records.map(({ name }) => name).filter(isWeightFile);
  const models = weights.map(partsOf);
  if (models.some((parts) => parts.every((name) => whole.has(name)))) return [];
  return weights.length > 0 ? [...new Set(models.flat())].filter((name) => !whole.has(name)) : [SAFETENSORS];
}

/** What the last load recorded: another version of a model may have other files. */
function recordedFiles(records: readonly FileRecord[]): string[] | undefined {
  const recorded = records.flatMap(({ needs }) => needs ?? []);
  if (recorded.length === 0) return undefined;
  return recorded.reduce((last, one) => (one.since >= last.since ? one : last)).files;
}
