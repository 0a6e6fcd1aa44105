/** Folders at an address. */
import { answer } from '../download/connection.js';
import { collect, twice, type Fetching, type IncomingFile, type RemoteFile } from '../download/file.js';
import { openRemote } from '../download/remote.js';
import { ClozeError } from '../../border/errors.js';
import { inFolder } from '../bytes/file-name.js';
import type { ModelIdentity } from '../storage/note.js';
import type { Folder } from './folder.js';

/** What is known of a file before it is asked for. */
export type ListedFile = Pick<RemoteFile, 'url' | 'size' | 'expected'> & {
  /** Its name in the storage; its address if left out. */ key?: string;
};

/** A folder of which it is known what is in it: the package's own, or one on the hub. */
export function listedFolder(
  model: ModelIdentity,
  files: ReadonlyMap<string, ListedFile>,
  model_file_name: string | undefined,
  fetching: Fetching,
): Folder {
  return remote(model, [...files.keys()], model_file_name, fetching, (name) => files.get(name));
}

/** A folder of which only the address is known: files are asked for to see whether they are there. `query` is of the weights' address. */
export function plainFolder(
  model: ModelIdentity,
  base: string,
  model_file_name: string | undefined,
  fetching: Fetching,
  query = '',
): Folder {
  return remote(model, undefined, model_file_name, fetching, (name) => {
    const url = inFolder(name, base);
    // What a signed address is signed with is no part of the file's name.
    return name === model_file_name ? { key: url, url: url + query } : { url };
  });
}

function remote(
  model: ModelIdentity,
  names: string[] | undefined,
  model_file_name: string | undefined,
  fetching: Fetching,
  find: (name: string) => ListedFile | undefined,
): Folder {
  const fileOf = (name: string): RemoteFile | undefined => {
    const listed = find(name);
    return listed && { key: listed.url, ...listed, name, model };
  };
  /** The small files that are used. */
  const small = new Map<string, IncomingFile>();
  let refused: ClozeError | undefined;

  /** A file that is not there is no fault, unless it was said to be. */
  async function orUndefined<T>(promise: Promise<T>, promised: boolean): Promise<T | undefined> {
    try {
      return await promise;
    } catch (error) {
      if (promised || !(error instanceof ClozeError)) throw error;
      if (error.code === 'not_found') return undefined;
      // Stores such as S3 answer 403 where a file is missing and lists are not public. Hubs say why.
      if (model.source !== 'url' || error.details['status'] !== 403 || error.details['reason'] !== undefined)
        throw error;
      refused ??= error;
      return undefined;
    }
  }

  return {
    title: model.url,
    ...(names && { names }),
    model_file_name,
    async read(name) {
      const file = fileOf(name);
      if (!file) return undefined;
      const reading = twice(async () => {
        const incoming = await openRemote(file, fetching);
        small.set(name, incoming);
        return collect(incoming);
      });
      const bytes = await orUndefined(reading, names !== undefined);
      if (bytes) fetching.tell({ status: 'done', file: name, message: `${name} is here` });
      return bytes;
    },
    async open(name) {
      const file = fileOf(name);
      return file && orUndefined(openRemote(file, fetching), names !== undefined || name === model_file_name);
    },
    async has(name) {
      const file = fileOf(name);
      if (!file) return false;
      const response = await orUndefined(answer(file.url, {}, fetching), false);
      await response?.body?.cancel().catch(() => undefined);
      return response !== undefined;
    },
    // Beside the small files, as those of the weights are being written.
    async needs(weights) {
      const needs = { files: [...small.keys(), ...weights], since: Date.now() };
      for (const name of small.keys()) await fetching.store?.amend(fileOf(name)!.key, { needs });
    },
    async refuse() {
      const given = await Promise.all([...small.values()].map((file) => file.refuse()));
      return given.includes(true);
    },
    refused: () => refused,
  };
}
