/** Files and folders on the visitor's disk. Nothing of them is copied. */
import { ClozeError } from '../../border/errors.js';
import * as words from '../../words/files/index.js';
import { MOST_SMALL } from '../bytes/sizes.js';
import { bodyOf } from '../download/body.js';
import { tooLarge, type DownloadContext, type IncomingFile, type OnProgress } from '../download/incoming-file.js';
import { Progress } from '../download/progress.js';
import type { Folder } from './folder.js';

/** A list of files. Of two with one name, the one nearer to the top of its folder counts. */
export function localFolder(
  files: readonly File[],
  model_file_name: string | undefined,
  { tell, expect }: Pick<DownloadContext, 'tell' | 'expect'>,
): Folder {
  const byName = new Map<string, File>();
  for (const file of files.filter(isSeen).sort((a, b) => depth(a) - depth(b)))
    if (!byName.has(file.name)) byName.set(file.name, file);
  const names = [...byName.keys()];
  return {
    title: words.disk.title(names.join(', ')),
    names,
    model_file_name,
    chose: (name, models) => tell({ status: 'initiate', file: name, message: words.steps.chosen(name, models) }),
    expects(weights) {
      for (const name of weights) expect?.(name, byName.get(name)?.size ?? 0);
    },
    async read(name) {
      const file = byName.get(name);
      if (!file) return undefined;
      if (file.size > MOST_SMALL) throw tooLarge(name, MOST_SMALL);
      const bytes = await file.arrayBuffer().catch((cause: unknown) => {
        throw unreadable(file, cause);
      });
      return new Uint8Array(bytes);
    },
    async open(name) {
      const file = byName.get(name);
      return file && { name, total: file.size, pieces: pieces(file, tell), discardCopy: async () => false };
    },
  };
}

/** Not in a folder such as .git or .cache, below the one that was picked. */
const isSeen = ({ webkitRelativePath }: File): boolean =>
  !(webkitRelativePath ?? '')
    .split('/')
    .slice(1, -1)
    .some((folder) => folder.startsWith('.'));

const depth = ({ webkitRelativePath }: File): number => (webkitRelativePath ?? '').split('/').length;

async function* pieces(file: File, tell: OnProgress): IncomingFile['pieces'] {
  const body = bodyOf(file.stream());
  const progress = new Progress(file.size);
  try {
    for (;;) {
      const bytes = await body.read().catch((cause: unknown) => {
        throw unreadable(file, cause);
      });
      if (!bytes) return;
      progress.add(bytes.byteLength, (report) =>
        tell({ status: 'progress', file: file.name, message: words.steps.reading(file.name), ...report }),
      );
      yield bytes;
    }
  } finally {
    await body.cancel();
  }
}

/** A file that was moved, changed or locked since it was chosen. */
const unreadable = ({ name }: File, cause: unknown): ClozeError =>
  new ClozeError('not_found', words.disk.fileGone(name), { file: name }, { cause });

/** The files directly in a folder that was picked. */
export async function filesIn(folder: FileSystemDirectoryHandle): Promise<File[]> {
  const files: File[] = [];
  try {
    for await (const entry of folder.values())
      if (entry.kind === 'file') files.push(await (entry as FileSystemFileHandle).getFile());
  } catch (cause) {
    throw new ClozeError('not_found', words.disk.folderGone(folder.name), { folder: folder.name }, { cause });
  }
  return files;
}
