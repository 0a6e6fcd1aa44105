/** What a worker is made for: one model, where its files are, and what computes. */
import type { BuildName, DType } from './types.js';

/** Which of the models that come with the package. */
export type DefaultModel = 'bert' | 'gpt';

/** Which of the tokenizers that come with the package; `unigram` (SentencePiece's kind) belongs to no model. */
export type DefaultTokenizer = DefaultModel | 'unigram';

/** What a file's bytes are known to be, from somewhere else than the server that sends them. */
export interface Expected {
  /** SHA-256, hexadecimal: the hub's for large files, the package's for the default models. */
  sha256?: string;
  /** Git's name of its bytes (SHA-1 of `blob <length>\0` and the bytes): the hub's for small files. */
  git_oid?: string;
}

/** What is known of a file before it is asked for. */
export interface ListedFile {
  url: string;
  /** Its name in the storage; its address if left out. */
  key?: string;
  /** Its length in bytes. */
  size?: number;
  expected?: Expected;
}

/** Where a model's files are. Folders' addresses end with a slash. */
export type ModelSource =
  | {
      kind: 'folder';
      name: string;
      base: string;
      model_file_name?: string;
      /** Of the address of the weights, such as a signature. */
      query?: string;
    }
  | {
      kind: 'hub';
      name: string;
      id: string;
      revision: string;
      /** The address of the list of its files. */
      listing: string;
      /** The folder as asked for, and as it is called in the storage. */
      base: string;
      /** The folder of a commit, `{revision}`. */
      commit_base: string;
      model_file_name?: string;
    }
  | { kind: 'default'; id: DefaultTokenizer; files: Record<string, ListedFile> }
  | { kind: 'files'; name: string; files: File[]; model_file_name?: string }
  | { kind: 'directory'; name: string; directory: FileSystemDirectoryHandle; model_file_name?: string };

/** A token, and whom it is for. */
export interface Credentials {
  token: string;
  /** Origin of the hub, or of the folder that was named. */
  origin: string;
}

/** The build to load. */
export interface BuildChoice {
  /** Its name. */
  build: BuildName;
  /** Threads that will compute. */
  threads: number;
  /** A sentence, `null` if there are threads. */
  threads_off_reason: string | null;
  /** What runs if the threads do not start, as where shared memory of their size is refused. */
  fallback?: BuildChoice;
}

/** What a worker is made for: one model. */
export interface LoadRequest {
  source: ModelSource;
  dtype: DType;
  choice: BuildChoice;
  /** Where the wasm of each build lies: bundlers' workers know it less well than the page does. */
  wasm: Readonly<Record<BuildName, string>>;
  /** The same of the lean builds, half the size, which read BERT's usual tokenizer alone; left out once one did not do. */
  lean_wasm?: Readonly<Record<BuildName, string>>;
  /** Whether files are kept for the next time. */
  use_browser_cache: boolean;
  /** For the hub or the folder named, and for no one else. */
  credentials?: Credentials;
  /** The language of what the worker says; English where it is left out. */
  language?: string;
  /** Name of the `BroadcastChannel` on which a crashed thread says so: the worker itself then waits for it for ever. */
  alarm?: string;
}
