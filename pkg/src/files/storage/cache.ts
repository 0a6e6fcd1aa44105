/** The Cache API, where there is no file system: a file in parts, which are answers to addresses that lead nowhere. */
import { begun, parseNote, type Note } from './note.js';
import { continues, hashed, type Copy, type Store } from './store.js';

/** Name of the cache. */
const NAME = 'cloze-models';
/** Bytes of a part. */
const PART = 4 << 20;

/** Undefined where there is none, or it is closed to this page. */
export async function cacheStore(): Promise<Store | undefined> {
  let cache: Cache;
  try {
    cache = await caches.open(NAME);
    // Firefox opens it in private windows and refuses to use it.
    await cache.match(addressOf('', 'note'));
  } catch {
    return undefined;
  }

  const noteOf = async (name: string): Promise<Note | undefined> => {
    const found = await cache.match(addressOf(name, 'note'));
    return found && parseNote(await found.text());
  };
  const write = (name: string, note: Note): Promise<void> =>
    cache.put(addressOf(name, 'note'), new Response(JSON.stringify(note)));
  const partOf = async (name: string, index: number): Promise<Uint8Array<ArrayBuffer>> => {
    const found = await cache.match(addressOf(name, index));
    return new Uint8Array(found ? await found.arrayBuffer() : new ArrayBuffer(0));
  };
  const reading = (name: string): ((buffer: Uint8Array, at: number) => Promise<number>) => {
    let last = { index: -1, bytes: new Uint8Array() };
    return async (buffer, at) => {
      const index = Math.floor(at / PART);
      if (last.index !== index) last = { index, bytes: await partOf(name, index) };
      const bytes = last.bytes.subarray(at - index * PART).subarray(0, buffer.byteLength);
      buffer.set(bytes);
      return bytes.byteLength;
    };
  };
  const clear = async (name: string): Promise<void> => {
    const start = addressOf(name, '');
    for (const { url } of await cache.keys()) if (url.startsWith(start)) await cache.delete(url);
  };

  return {
    kind: 'cache',
    async notes() {
      const notes: Note[] = [];
      for (const request of await cache.keys()) {
        if (!request.url.endsWith('/note')) continue;
        const note = parseNote(await (await cache.match(request))!.text());
        if (note) notes.push(note);
      }
      return notes;
    },
    note: async (key) => noteOf(await hashed(key)),
    async amend(key, change) {
      const name = await hashed(key);
      const note = await noteOf(name);
      if (note) await write(name, { ...note, ...change }).catch(() => undefined);
    },
    async open(facts): Promise<Copy> {
      const name = await hashed(facts.key);
      const before = await noteOf(name);
      const note = continues(before, facts) ? before : begun(facts);
      if (note !== before) {
        await clear(name);
        await write(name, note);
      }
      // The last part may be a piece of one.
      let filled = note.safe[0]?.[1] ?? 0;
      let part = new Uint8Array(PART);
      part.set(await partOf(name, Math.floor(filled / PART)));
      const put = (): Promise<void> => {
        const index = Math.ceil(filled / PART) - 1;
        return cache.put(addressOf(name, index), new Response(part.slice(0, filled - index * PART)));
      };
      return {
        note,
        anywhere: false,
        read: reading(name),
        async write(bytes, at) {
          if (at !== filled) throw new Error('parts are written one after the other');
          for (let done = 0; done < bytes.byteLength;) {
            const start = filled % PART;
            const count = Math.min(PART - start, bytes.byteLength - done);
            part.set(bytes.subarray(done, done + count), start);
            done += count;
            filled += count;
            if (filled % PART === 0) await put();
          }
        },
        async save(change) {
          if (filled % PART !== 0) await put();
          await write(name, Object.assign(note, change));
        },
        close: () => (part = new Uint8Array()),
      };
    },
    async reader(key) {
      return { read: reading(await hashed(key)), close: () => undefined };
    },
    async *pieces({ key }) {
      const name = await hashed(key);
      for (let index = 0; ; index++) {
        const part = await partOf(name, index);
        if (part.byteLength === 0) return;
        yield part;
      }
    },
    remove: async (key) => clear(await hashed(key)),
    async tidy() {
      const all = (await cache.keys()).map(({ url }) => url);
      const noted = new Set(all.filter((url) => url.endsWith('/note')).map((url) => url.slice(0, -'note'.length)));
      for (const url of all) if (!noted.has(url.slice(0, url.lastIndexOf('/') + 1))) await cache.delete(url);
    },
  };
}

const addressOf = (name: string, part: string | number): string =>
  new URL(`/cloze-kept/${name}/${part}`, location.origin).href;
