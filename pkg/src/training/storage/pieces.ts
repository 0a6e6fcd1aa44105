/** Bytes that a function of the browser is given at once. */
export const PIECE = 2 ** 22;

const room = new Uint8Array(PIECE);

/**
 * Some bytes piece by piece, each in the same place: it is to be used before anything is awaited. The browser keeps what its
 * functions were given until its own collector runs, so that checkpoints of half a minute would lie in memory together.
 */
export function* inPieces(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.byteLength; at += PIECE) {
    const piece = room.subarray(0, Math.min(PIECE, bytes.byteLength - at));
    piece.set(bytes.subarray(at, at + piece.byteLength));
    yield piece;
  }
}
