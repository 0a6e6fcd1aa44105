/** Folders at an address. */
import { collect, twice, type Fetching, type RemoteFile } from '../download/file.js';
import { openRemote } from '../download/remote.js';
import { ClozeError } from '../errors.js';
import { inFolder } from '../file-name.js';
import type { ModelIdentity } from '../storage/note.js';
import type { Folder } from './folder.js';

/** What is known of a file before it is asked for. */
export type ListedFile = Pick<RemoteFile, 'url' | 'size' | 'expected'> & { /** Its name in the storage; its address if left out. */ key?: string };

/** A folder of which it is known what is in it: the package's own, or one on the hub. */
export function listedFolder(model: ModelIdentity, files: ReadonlyMap<string, ListedFile>, model_file_name: string | undefined, fetching: Fetching): Folder {
  return remote(model, [...files.keys()], model_file_name, fetching, (name) => files.get(name));
}

/** A folder of which only the address is known: files are asked for to see whether they are there. */
export function plainFolder(model: ModelIdentity, base: string, model_file_name: string | undefined, fetching: Fetching): Folder {
  return remote(model, undefined, model_file_name, fetching, (name) => ({ url: inFolder(name, base) }));
}

function remote(model: ModelIdentity, names: string[] | undefined, model_file_name: string | undefined, fetching: Fetching, find: (name: string) => ListedFile | undefined): Folder {
  const fileOf = (name: string): RemoteFile | undefined => {
    const listed = find(name);
    return listed && { key: listed.url, ...listed, name, model };
  };
  return {
    title: model.url,
    ...(names && { names }),
    model_file_name,
    async read(name) {
      const file = fileOf(name);
      if (!file) return undefined;
      const bytes = await orUndefined(twice(async () => collect(await openRemote(file, fetching))), names);
      if (bytes) fetching.tell({ status: 'done', file: name, message: `${name} is here` });
      return bytes;
    },
    async open(name) {
      const file = fileOf(name);
      return file && orUndefined(openRemote(file, fetching), names ?? (name === model_file_name ? [] : undefined));
    },
  };
}

/** A file that is not there is no fault, unless it was said to be. */
async function orUndefined<T>(promise: Promise<T>, promised: readonly string[] | undefined): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (!promised && error instanceof ClozeError && error.code === 'not_found') return undefined;
    throw error;
  }
}
