import { expect, test } from 'vitest';
import { MOST_AHEAD } from '../bytes/sizes.js';
import type { IncomingFile } from './incoming-file.js';
import { readAhead } from './read-ahead.js';

/** A file whose pieces overwrite each other, as those of downloads do; notes what was asked of it. */
function file(count: number, size = 4, fail?: Error): IncomingFile & { asked: number; ended: boolean } {
  const buffer = new Uint8Array(size);
  const made = { name: 'w', total: count * size, asked: 0, ended: false, discardCopy: async () => false };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for (let index = 0; index < count; index++) {
        made.asked++;
        yield buffer.fill(index);
      }
      if (fail) throw fail;
    } finally {
      made.ended = true;
    }
  }
  return Object.assign(made, { pieces: pieces() });
}

const firstBytes = async ({ pieces }: IncomingFile): Promise<number[]> => {
  const found: number[] = [];
  for await (const piece of pieces) found.push(piece[0]!);
  return found;
};
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('a file is read on while it waits, and comes whole and in order', async () => {
  const incoming = file(5);
  let letGo = (): void => undefined;
  const waiting = readAhead(incoming, new Promise<void>((resolve) => (letGo = resolve)));
  await turn();
  expect(incoming.asked).toBe(5);
  letGo();
  expect(await firstBytes(await waiting)).toEqual([0, 1, 2, 3, 4]);
});

test('no more than that is held', async () => {
  const incoming = file(9, MOST_AHEAD / 2);
  let letGo = (): void => undefined;
  const waiting = readAhead(incoming, new Promise<void>((resolve) => (letGo = resolve)));
  await turn();
  expect(incoming.asked).toBe(3);
  letGo();
  expect(await firstBytes(await waiting)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('what it waits for fails: so does this, and the file is let go', async () => {
  const incoming = file(5);
  await expect(readAhead(incoming, Promise.reject(new Error('no tokenizer')))).rejects.toThrow('no tokenizer');
  await turn();
  expect(incoming.ended).toBe(true);
});

test('a file that fails says so, whether that was waited for or not', async () => {
  const never = new Promise(() => undefined);
  await expect(readAhead(file(2, 4, new Error('broke')), never)).rejects.toThrow('broke');
  const incoming = await readAhead(file(2, 4, new Error('broke')), Promise.resolve());
  await expect(firstBytes(incoming)).rejects.toThrow('broke');
});

test('whoever stops taking pieces lets the file go', async () => {
  const incoming = file(5);
  for await (const piece of (await readAhead(incoming, Promise.resolve())).pieces) {
    expect(piece[0]).toBe(0);
    break;
  }
  expect(incoming.ended).toBe(true);
});
