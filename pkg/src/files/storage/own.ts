/** The models in this browser's storage, in one piece that is fetched when it is first asked for. */
import { openStore } from './choice.js';
import { modelStorage, type StoredModels } from './models.js';
import type { KnownFiles } from './required-files.js';

/** See {@link modelStorage}. */
export const ownStorage = (known: KnownFiles): StoredModels => modelStorage(openStore, known);
