/** A file that comes before it can be used. */
import { MOST_AHEAD } from '../bytes/sizes.js';
import type { IncomingFile } from './incoming-file.js';

/**
 * The file once `ready` resolves. Until then it is read into memory, {@link MOST_AHEAD} bytes at the most, so that the
 * line is not idle. If `ready` rejects, so does this, and the file is let go.
 */
export async function readAhead(file: IncomingFile, ready: Promise<unknown>): Promise<IncomingFile> {
  const { pieces } = file;
  const ahead: Uint8Array[] = [];
  const here = ready.then(() => undefined);
  let next = asked(pieces);
  try {
    for (let bytes = 0; bytes < MOST_AHEAD;) {
      const piece = await Promise.race([next, here]);
      if (!piece || piece.done) break;
      bytes += piece.value.byteLength;
      // The next piece overwrites it.
      ahead.push(piece.value.slice());
      next = asked(pieces);
    }
    await here;
  } catch (error) {
    // Nobody waits for what is still under way.
    void pieces.return(undefined).catch(() => undefined);
    throw error;
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = ahead.shift(); piece; piece = ahead.shift()) yield piece;
      for (let piece = await next; !piece.done; piece = await pieces.next()) yield piece.value;
    } finally {
      await pieces.return(undefined);
    }
  }
  return { ...file, pieces: rest() };
}

/** The next piece; that it failed is heard when it is used. */
function asked(pieces: AsyncGenerator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  const next = pieces.next();
  next.catch(() => undefined);
  return next;
}
