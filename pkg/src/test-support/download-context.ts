/** What a download is given, for tests: it is impatient, and remembers what was told. */
import type { ProgressInfo } from '../border/types.js';
import type { DownloadContext, RemoteFile } from '../files/download/incoming-file.js';
import { PauseSwitch } from '../files/download/pause-switch.js';
import type { Store } from '../files/storage/store.js';

/** A context and what was told. */
export interface TestContext extends DownloadContext {
  told: ProgressInfo[];
  /** The codes of the warnings among it. */
  warnings(): (string | undefined)[];
}

/** Makes one. */
export function downloadContext(store?: Store, pause = new PauseSwitch()): TestContext {
  const told: ProgressInfo[] = [];
  return {
    told,
    warnings: () => told.filter(({ status }) => status === 'warning').map(({ code }) => code),
    tell: (one) => void told.push(one),
    store,
    pause,
    pace: { tries: 3, delay: 1, longest: 50, stalled: 1000 },
    credentials: undefined,
  };
}

/** A file at an address of which nothing else is known. */
export const FILE: RemoteFile = {
  key: 'k',
  name: 'file.bin',
  url: 'https://files.example/file.bin',
  model: { id: 'm', name: 'm', source: 'url', url: 'm', revision: null },
};
