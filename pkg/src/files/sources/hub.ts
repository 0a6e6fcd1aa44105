/** Models on the Hugging Face hub, or a mirror of it. */
import { ClozeError } from '../../border/errors.js';
import type { ListedFile, ModelSource } from '../../border/load-request.js';
import * as words from '../../words/files/index.js';
import { inFolder } from '../bytes/file-name.js';
import { requestJson, TRIES_WITH_COPY } from '../download/connection.js';
import type { DownloadContext } from '../download/incoming-file.js';
import type { FileRecord, ModelIdentity } from '../storage/record.js';
import { missingFiles } from '../storage/required-files.js';
import type { Folder } from './folder.js';
import { listedFolder, plainFolder } from './remote-folder.js';

type HubSource = Extract<ModelSource, { kind: 'hub' }>;

/** What the hub says of a revision (`/api/models/{id}/revision/{rev}?blobs=true`). */
interface Listing {
  /** The commit. */
  sha?: string;
  siblings?: { rfilename: string; size?: number; blobId?: string; lfs?: { sha256?: string; size?: number } }[];
}

/**
 * Asks the hub what is in a model, with hashes. Files are then fetched from that very commit, so that none comes from a
 * later one. A mirror without lists is taken as a plain folder; without a connection, what is stored here is used.
 */
export async function hubFolder(source: HubSource, context: DownloadContext): Promise<Folder> {
  const { id, revision, listing, base, model_file_name } = source;
  const model: ModelIdentity = { id: `${id}@${revision}`, name: source.name, source: 'hub', url: base, revision };
  context.tell({ status: 'initiate', message: words.steps.askingHub(new URL(listing).host, id) });
  const stored = await storedFiles(model.id, model_file_name, context);
  let found: Listing;
  try {
    found = (await requestJson(listing, { name: id }, context, stored ? TRIES_WITH_COPY : undefined)) as Listing;
  } catch (error) {
    const { code, details } = error as Partial<ClozeError>;
    if (stored && (code === 'network' || code === 'rate_limited')) {
      context.tell({
        status: 'warning',
        code: 'offline',
        message: words.warnings.offline(new URL(listing).host, id),
      });
      return listedFolder(model, stored, model_file_name, context);
    }
    // A mirror of files alone answers 404, a page, or something that is no JSON.
    const noList = error instanceof SyntaxError || (code === 'not_found' && details?.['reason'] === undefined);
    if (!noList) throw code === 'not_found' ? noModel(source, error) : error;
    return plainFolder(model, base, model_file_name, context);
  }
  return listedFolder(model, listed(source, found), model_file_name, context);
}

const noModel = ({ id, revision, listing }: HubSource, cause: unknown): ClozeError => {
  const { host } = new URL(listing);
  const message =
    (cause as ClozeError).details['reason'] === 'RevisionNotFound'
      ? words.folders.noRevision(host, id, revision)
      : words.folders.noModel(host, id);
  return new ClozeError('not_found', message, { model: id, revision }, { cause });
};

/**
 * The files of a listing, by name. Their names in the storage do not name the commit: a new one takes the old one's
 * place.
 */
export function listed({ base, commit_base }: HubSource, { sha, siblings = [] }: Listing): Map<string, ListedFile> {
  const folder = sha === undefined ? base : commit_base.replace('{revision}', sha);
  return new Map(
    siblings.map(({ rfilename, size, blobId, lfs }): [string, ListedFile] => {
      const bytes = lfs?.size ?? size;
      const expected = lfs
        ? lfs.sha256 !== undefined && { sha256: lfs.sha256 }
        : blobId !== undefined && bytes !== undefined && { git_oid: blobId };
      return [
        rfilename,
        {
          key: inFolder(rfilename, base),
          url: inFolder(rfilename, folder),
          ...(bytes !== undefined && { size: bytes }),
          ...(expected && { expected }),
        },
      ];
    }),
  );
}

/** What is stored of a model, as a list; undefined if that is not enough to run it. */
async function storedFiles(
  id: string,
  weights: string | undefined,
  { store }: DownloadContext,
): Promise<Map<string, ListedFile> | undefined> {
  const records = ((await store?.records()) ?? []).filter(({ complete, model }) => complete && model.id === id);
  const enough =
    weights === undefined ? missingFiles(records).length === 0 : records.some(({ name }) => name === weights);
  return enough ? new Map(records.map((record) => [record.name, fromRecord(record)])) : undefined;
}

function fromRecord({ key, url, length, version }: FileRecord): ListedFile {
  const [kind, hash] = version.split(':', 2);
  const expected = kind === 'sha256' ? { sha256: hash! } : kind === 'git' ? { git_oid: hash! } : undefined;
  return { key, url, ...(length !== null && { size: length }), ...(expected && { expected }) };
}
