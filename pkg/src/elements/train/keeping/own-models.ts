/** The reader's own models, as files in this browser's database: they outlive the tab that made them. */

/** A model that is kept. */
export interface OwnModel {
  readonly id: string;
  readonly name: string;
  /** What it does: on which screen it opens. */
  readonly kind: string;
  readonly labels: readonly string[];
  readonly bytes: number;
  /** When it was made, ms since 1970. */
  readonly made: number;
}

/** Facts are listed without the files being read. */
const [DATABASE, FACTS, FILES] = ['cloze-own-models', 'facts', 'files'];

const promised = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(DATABASE));
  });

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE!, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(FACTS!, { keyPath: 'id' });
    request.result.createObjectStore(FILES!);
  };
  return promised(request);
}

/** Does something in one transaction, which is written whole or not at all. */
async function within<T>(
  mode: IDBTransactionMode,
  act: (facts: IDBObjectStore, files: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction([FACTS!, FILES!], mode);
    const request = act(transaction.objectStore(FACTS!), transaction.objectStore(FILES!));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error(DATABASE));
    });
    return request.result;
  } finally {
    database.close();
  }
}

/** All of them, last made first; none where the browser keeps nothing. */
export async function listModels(): Promise<OwnModel[]> {
  const found = await within('readonly', (facts) => facts.getAll() as IDBRequest<OwnModel[]>).catch(() => []);
  return found.sort((a, b) => b.made - a.made);
}

/** Keeps one. Rejects where there is no place for it. */
export async function keepModel(model: Omit<OwnModel, 'id' | 'made' | 'bytes'>, files: readonly File[]): Promise<OwnModel> {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const kept: OwnModel = { ...model, id: crypto.randomUUID(), bytes, made: Date.now() };
  // Copies: a file of a worker's memory is only written when it is read.
  const contents = await Promise.all(files.map(async (file) => [file.name, await file.arrayBuffer()] as const));
  await within('readwrite', (facts, store) => {
    store.put(contents, kept.id);
    return facts.put(kept);
  });
  return kept;
}

/** The files of one, as a folder of its name. */
export async function filesOf({ id, name }: OwnModel): Promise<File[]> {
  type Contents = readonly (readonly [string, ArrayBuffer])[];
  const contents = await within('readonly', (_, store) => store.get(id) as IDBRequest<Contents | undefined>);
  return folderOf(name, (contents ?? []).map(([file, bytes]) => new File([bytes], file)));
}

/** Takes one away. */
export async function removeModel({ id }: OwnModel): Promise<void> {
  await within('readwrite', (facts, store) => {
    store.delete(id);
    return facts.delete(id);
  });
}

/** Files as a browser hands out those of a folder that was picked. */
export const folderOf = (name: string, files: readonly File[]): File[] =>
  files.map((file) => {
    const named = new File([file], file.name, { type: file.type });
    Object.defineProperty(named, 'webkitRelativePath', { value: `${name}/${file.name}` });
    return named;
  });
