/** A file that is kept here whole. */
import { ClozeError } from '../../border/errors.js';
import { tellNews } from '../storage/news.js';
import type { Note } from '../storage/note.js';
import type { Store } from '../storage/store.js';
import { Spoiled, type IncomingFile, type OnProgress } from './file.js';
import { Meter } from './meter.js';

/** Bytes that are read at once. */
const PIECE = 4 << 20;

/** Opens it; undefined if it is gone. It is not hashed again: reading it would take several times as long. */
export async function keptFile(
  { key, name, safe }: Note,
  store: Store,
  tell: OnProgress,
): Promise<IncomingFile | undefined> {
  const length = safe[0]?.[1] ?? 0;
  const reader = await store.reader(key);
  if (!reader) return undefined;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      const buffer = new Uint8Array(Math.min(PIECE, length));
      const meter = new Meter(length);
      for (let at = 0; at < length;) {
        const count = await reader!.read(buffer.subarray(0, length - at), at);
        if (count === 0)
          throw new Spoiled(
            new ClozeError('network', `The kept copy of ${name} is not whole. Load it again.`, { file: name }),
          );
        at += count;
        meter.add(count, (progress) =>
          tell({ status: 'progress', file: name, message: `Reading ${name}`, ...progress }),
        );
        yield buffer.subarray(0, count);
      }
    } catch (error) {
      // A disk that cannot be read, or a file that was cleared away.
      if (!(error instanceof Spoiled) && !(error instanceof DOMException)) throw error;
      reader!.close();
      await refuse();
      throw error instanceof Spoiled
        ? error
        : new Spoiled(
            new ClozeError('network', `The kept copy of ${name} cannot be read. Load it again.`, { file: name }),
          );
    } finally {
      reader!.close();
    }
    void store.amend(key, { used: Date.now() }).then(() => tellNews({ key }));
  }
  const refuse = async (): Promise<boolean> => {
    await store.remove(key).catch(() => undefined);
    tellNews({ key });
    return true;
  };
  return { name, total: length, pieces: pieces(), refuse };
}
