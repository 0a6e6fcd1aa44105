/** What of `navigator` the storage uses: locks, and how much space there is. */
type Work = (lock: object | null) => unknown;

/** For `vi.stubGlobal('navigator', …)`. */
export function fakeNavigator(estimate: () => { quota?: number; usage?: number } = () => ({})): object {
  const held = new Map<string, Promise<unknown>>();
  const request = async (name: string, { ifAvailable }: { ifAvailable?: boolean }, work: Work): Promise<unknown> => {
    if (ifAvailable && held.has(name)) return work(null);
    while (held.has(name)) await held.get(name);
    const done = Promise.resolve(work({ name })).finally(() => held.delete(name));
    held.set(name, done);
    return done;
  };
  const query = async () => ({ held: [...held.keys()].map((name) => ({ name })) });
  return { locks: { request, query }, storage: { estimate: async () => estimate() } };
}
