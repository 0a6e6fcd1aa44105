/** The Cache API in memory. */

/** For `vi.stubGlobal('caches', …)`, and what tests look at. */
export interface FakeCaches {
  /** Bytes that all entries may have. */
  quota: number;
  /** Opens caches but refuses to use them, as Firefox does in private windows. */
  refuses: boolean;
  /** The content of each entry, by its address. */
  entries: Map<string, Uint8Array>;
  open(name: string): Promise<Cache>;
}

/** Makes one. Node has no `location`: stub that, too. */
export function fakeCaches(): FakeCaches {
  const entries = new Map<string, Uint8Array>();
  const check = (): void => {
    if (fake.refuses) throw new DOMException('refused', 'SecurityError');
  };
  const cache = {
    async match(url: string) {
      check();
      const bytes = entries.get(url);
      return bytes && new Response(bytes.slice());
    },
    async put(url: string, response: Response) {
      check();
      const bytes = new Uint8Array(await response.arrayBuffer());
      let used = bytes.length;
      for (const [other, { length }] of entries) if (other !== url) used += length;
      if (used > fake.quota) throw new DOMException('full', 'QuotaExceededError');
      entries.set(url, bytes);
    },
    async delete(url: string) {
      check();
      return entries.delete(url);
    },
    async keys() {
      check();
      return [...entries.keys()].map((url) => ({ url }) as Request);
    },
  };
  const fake: FakeCaches = {
    quota: Infinity,
    refuses: false,
    entries,
    open: async () => cache as Partial<Cache> as Cache,
  };
  return fake;
}
