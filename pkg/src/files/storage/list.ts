/** Records of files, as a list of models. */
import { Ranges } from '../bytes/ranges.js';
import type { FileRecord } from './record.js';
import { missingFiles, type KnownFiles } from './required-files.js';
import type { StoredFile, StoredModel } from './types.js';

/** A stored model without what only its files tell. */
type ListedModel = Omit<StoredModel, 'model_type'>;

/** Gathers the files of each model, last used first. */
export function modelsOf(records: readonly FileRecord[], known?: KnownFiles): ListedModel[] {
  const ids = [...new Set(records.map(({ model }) => model.id))];
  const models = ids.map((id) =>
    modelOf(
      records.filter(({ model }) => model.id === id),
      known,
    ),
  );
  return models.sort((a, b) => (b.last_used ?? 0) - (a.last_used ?? 0) || (a.id < b.id ? -1 : 1));
}

/** One model, from the records of its files. */
function modelOf(records: readonly FileRecord[], known?: KnownFiles): ListedModel {
  const { id, name, source, url, revision } = records[0]!.model;
  const files = records.map(fileOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  const missing = missingFiles(records, known);
  const notBegun = missing.some((name) => !files.some((file) => file.name === name));
  const lengths = files.map(({ bytes }) => bytes);
  const used = records.flatMap((record) => record.used ?? []);
  return {
    id,
    name,
    source,
    url,
    revision,
    files,
    bytes: notBegun || lengths.includes(null) ? null : sum(lengths as number[]),
    kept_bytes: sum(files.map(({ kept_bytes }) => kept_bytes)),
    complete: missing.length === 0 && files.every(({ complete }) => complete),
    last_used: used.length > 0 ? Math.max(...used) : null,
  };
}

function fileOf({ name, url, length, safe, complete, sha256, verified, fetched }: FileRecord): StoredFile {
  return { name, url, bytes: length, kept_bytes: new Ranges(safe).bytes, complete, sha256, verified, fetched };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
