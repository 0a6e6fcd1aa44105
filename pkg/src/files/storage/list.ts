/** Notes of files, as a list of models. */
import { Ranges } from '../bytes/ranges.js';
import { missingOf } from './needs.js';
import type { Note } from './note.js';
import type { StoredFile, StoredModel } from './types.js';

/** Gathers the files of each model, last used first. */
export function modelsOf(notes: readonly Note[]): Omit<StoredModel, 'model_type'>[] {
  const ids = [...new Set(notes.map((note) => note.model.id))];
  const models = ids.map((wanted): Omit<StoredModel, 'model_type'> => {
    const group = notes.filter((note) => note.model.id === wanted);
    const files = group.map(fileOf).sort((a, b) => (a.name < b.name ? -1 : 1));
    const { id, name, source, url, revision } = group[0]!.model;
    const missing = missingOf(group);
    const unbegun = missing.some((name) => !files.some((file) => file.name === name));
    const lengths = files.map(({ bytes }) => bytes);
    const used = group.flatMap((note) => note.used ?? []);
    return {
      id,
      name,
      source,
      url,
      revision,
      files,
      bytes: unbegun || lengths.includes(null) ? null : sum(lengths as number[]),
      kept_bytes: sum(files.map(({ kept_bytes }) => kept_bytes)),
      complete: missing.length === 0 && files.every(({ complete }) => complete),
      last_used: used.length > 0 ? Math.max(...used) : null,
    };
  });
  return models.sort((a, b) => (b.last_used ?? 0) - (a.last_used ?? 0) || (a.id < b.id ? -1 : 1));
}

function fileOf({ name, url, length, safe, complete, sha256, verified, fetched }: Note): StoredFile {
  return { name, url, bytes: length, kept_bytes: new Ranges(safe).bytes, complete, sha256, verified, fetched };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
