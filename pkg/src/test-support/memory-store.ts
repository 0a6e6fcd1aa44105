/** A storage made of arrays, with the rules of the real one: one writer at a time, and none removed while it is open. */
import { canResume, emptyRecord, type FileRecord } from '../files/storage/record.js';
import type { Store, WritableFile } from '../files/storage/store.js';

interface Entry {
  record: FileRecord;
  bytes: Uint8Array;
  open: boolean;
}

/** A storage and what is in it. */
export interface MemoryStore extends Store {
  entries: Map<string, Entry>;
  /** Puts a whole file there. */
  put(record: Partial<FileRecord> & Pick<FileRecord, 'key' | 'version'>, bytes: Uint8Array): void;
}

/** Makes one; `before` is called before each write and may throw what a disk does. */
export function memoryStore(before: (at: number) => void = () => undefined): MemoryStore {
  const entries = new Map<string, Entry>();
  const read =
    (entry: () => Uint8Array) =>
    (buffer: Uint8Array, at: number): number => {
      const part = entry().subarray(at, at + buffer.byteLength);
      buffer.set(part);
      return part.byteLength;
    };
  return {
    kind: 'opfs',
    entries,
    put({ key, ...more }, bytes) {
      const identity = {
        key,
        name: key,
        url: key,
        model: { id: 'm', name: 'm', source: 'url', url: 'm', revision: null },
        version: more.version,
        length: bytes.length,
      } as const;
      entries.set(key, {
        record: { ...emptyRecord(identity), safe: [[0, bytes.length]], complete: true, fetched: 1, ...more },
        bytes,
        open: false,
      });
    },
    records: async () => [...entries.values()].map(({ record }) => record),
    record: async (key) => entries.get(key)?.record,
    async amend(key, change) {
      const entry = entries.get(key);
      if (entry && !entry.open) Object.assign(entry.record, change);
    },
    async open(identity): Promise<WritableFile> {
      const old = entries.get(identity.key);
      if (old?.open) throw new DOMException('open', 'NoModificationAllowedError');
      const entry =
        old && canResume(old.record, identity)
          ? old
          : { record: emptyRecord(identity), bytes: new Uint8Array(identity.length ?? 1 << 20), open: false };
      entries.set(identity.key, entry);
      entry.open = true;
      const mine = { open: true };
      const still = (): Entry => {
        if (!mine.open) throw new DOMException('closed', 'InvalidStateError');
        return entry;
      };
      return {
        record: structuredClone(entry.record),
        random_access: true,
        read: read(() => still().bytes),
        write(bytes, at) {
          before(at);
          still().bytes.set(bytes, at);
        },
        save: async (change) => void Object.assign(still().record, structuredClone(change)),
        close: () => void (entry.open = mine.open = false),
      };
    },
    reader: async (key) => {
      const entry = entries.get(key);
      return entry && { read: read(() => entry.bytes), close: () => undefined };
    },
    async *pieces({ key }) {
      yield entries.get(key)!.bytes;
    },
    async remove(key) {
      if (entries.get(key)?.open) throw new DOMException('open', 'NoModificationAllowedError');
      entries.delete(key);
    },
    tidy: async () => undefined,
  };
}
