/** Folders at an address. */
import { ClozeError } from '../../border/errors.js';
import { isForeign } from '../../border/addresses.js';
import type { ListedFile } from '../../border/load-request.js';
import * as words from '../../words/files/index.js';
import { inFolder } from '../bytes/file-name.js';
import { requestPatiently, TRIES_WITH_COPY } from '../download/connection.js';
import { collect, type DownloadContext, type IncomingFile, type RemoteFile } from '../download/incoming-file.js';
import { retryIfSpoiled } from '../download/interrupted.js';
import { openRemote } from '../download/remote.js';
import type { FileRecord, ModelIdentity } from '../storage/record.js';
import { missingFiles } from '../storage/required-files.js';
import type { Folder } from './folder.js';

/** A folder of which it is known what is in it: the package's own, or one on the hub. */
export function listedFolder(
  model: ModelIdentity,
  files: ReadonlyMap<string, ListedFile>,
  model_file_name: string | undefined,
  context: DownloadContext,
): Folder {
  return new RemoteFolder(model, [...files.keys()], model_file_name, context, (name) => files.get(name));
}

/**
 * A folder of which only the address is known: files are asked for to see whether they are there. `query` is of the
 * weights' address.
 */
export function plainFolder(
  model: ModelIdentity,
  base: string,
  model_file_name: string | undefined,
  context: DownloadContext,
  query = '',
): Folder {
  return new RemoteFolder(model, undefined, model_file_name, context, (name) => {
    const url = inFolder(name, base);
    // What a signed address is signed with is no part of the file's name.
    return name === model_file_name ? { key: url, url: url + query } : { url };
  });
}

class RemoteFolder implements Folder {
  readonly title: string;
  readonly names?: readonly string[];
  /** The small files that were read. */
  readonly #small = new Map<string, IncomingFile>();
  #refusal: ClozeError | undefined;
  /** What was kept before this load. */
  #records: Promise<FileRecord[]> | undefined;

  constructor(
    private readonly model: ModelIdentity,
    names: readonly string[] | undefined,
    readonly model_file_name: string | undefined,
    private readonly context: DownloadContext,
    private readonly find: (name: string) => ListedFile | undefined,
  ) {
    this.title = model.url;
    if (names) this.names = names;
  }

  async read(name: string, beside = false): Promise<Uint8Array | undefined> {
    const file = this.#file(name);
    if (!file) return undefined;
    const kept = await this.#keptWithout(name);
    const reading = (tries: number): Promise<Uint8Array> =>
      retryIfSpoiled(async () => {
        const incoming = await openRemote(file, { ...this.context, pace: { ...this.context.pace, tries } });
        this.#small.set(name, incoming);
        return collect(incoming);
      });
    const { tries } = this.context.pace;
    // Of another origin, most servers say that a file is missing without letting scripts see the answer.
    const unseen = beside && !this.names && isForeign(file.url);
    const asked = reading(unseen ? 1 : kept ? TRIES_WITH_COPY : tries).catch(async (error: unknown) => {
      if (!unseen || kept || !isNetwork(error)) throw error;
      return (await answers(file.url)) ? undefined : reading(tries);
    });
    const bytes = await this.#orUndefined(asked, this.names !== undefined, kept);
    const size = bytes?.byteLength;
    if (bytes)
      this.context.tell({ status: 'done', file: name, message: words.steps.here(name), loaded: size!, total: size! });
    return bytes;
  }

  async open(name: string): Promise<IncomingFile | undefined> {
    const file = this.#file(name);
    const listed = this.names !== undefined || name === this.model_file_name;
    return file && this.#orUndefined(openRemote(file, this.context), listed);
  }

  async has(name: string): Promise<boolean> {
    const file = this.#file(name);
    if (!file) return false;
    const response = await this.#orUndefined(requestPatiently(file.url, {}, this.context), false);
    await response?.body?.cancel().catch(() => undefined);
    return response !== undefined;
  }

  expects(weights: readonly string[]): void {
    for (const name of weights) {
      const size = this.find(name)?.size;
      if (size !== undefined) this.context.expect?.(name, size);
    }
  }

  /** Records it beside the small files, as the records of the weights are being written. */
  async needs(weights: readonly string[]): Promise<void> {
    const needs = { files: [...this.#small.keys(), ...weights], since: Date.now() };
    for (const name of this.#small.keys()) await this.context.store?.amend(this.#file(name)!.key, { needs });
  }

  chose(name: string, models: number): void {
    this.context.tell({ status: 'initiate', file: name, message: words.steps.chosen(name, models) });
  }

  async discardCopies(): Promise<boolean> {
    const helps = await Promise.all([...this.#small.values()].map((file) => file.discardCopy()));
    return helps.includes(true);
  }

  refusal(): ClozeError | undefined {
    return this.#refusal;
  }

  /** Whether all of the model is kept in this browser, and goes without this file. Lists say themselves what there is. */
  async #keptWithout(name: string): Promise<boolean> {
    if (this.names) return false;
    const all = (await (this.#records ??= this.context.store?.records())) ?? [];
    const records = all.filter(({ model }) => model.id === this.model.id);
    return records.length > 0 && missingFiles(records).length === 0 && !records.some((record) => record.name === name);
  }

  #file(name: string): RemoteFile | undefined {
    const listed = this.find(name);
    return listed && { key: listed.url, ...listed, name, model: this.model };
  }

  /** Undefined for a file that is not there, which is no fault unless it is `listed`; without a network, if the kept copy goes without it. */
  async #orUndefined<T>(promise: Promise<T>, listed: boolean, kept = false): Promise<T | undefined> {
    try {
      return await promise;
    } catch (error) {
      if (listed || !(error instanceof ClozeError)) throw error;
      if (error.code === 'not_found' || (kept && isNetwork(error))) return undefined;
      // Stores such as S3 answer 403 where a file is missing and lists are not public. Hubs say why.
      const { status, reason } = error.details;
      if (this.model.source !== 'url' || status !== 403 || reason !== undefined) throw error;
      this.#refusal ??= error;
      return undefined;
    }
  }
}

const isNetwork = (error: unknown): boolean => error instanceof ClozeError && error.code === 'network';

/** Whether a server answers at all, whatever it is and whether scripts of this origin may see it. */
const answers = (url: string): Promise<boolean> =>
  fetch(url, { method: 'HEAD', mode: 'no-cors' }).then(
    () => true,
    () => false,
  );
