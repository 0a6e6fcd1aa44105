/** Which model each screen uses, and which it could. */
import { isWeightFile } from '../../files/bytes/weight-files.js';
import type { ModelArgument, ModelInfo, StoredModel } from '../../index.js';
import { words } from '../../words/index.js';
import { modelsWords } from '../../words/screens/models.js';
import { capabilitiesOf, capabilitiesOfType } from '../capabilities.js';
import type { ModelRow } from '../rows.js';

/** A model that a screen can be given. */
export interface ModelChoice {
  /** Tells it apart from the others; the empty text is the model that comes with the page. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** What `pipeline` takes. */
  readonly model: ModelArgument;
  /** Whether its files are on this device's disk and nowhere else. */
  readonly local: boolean;
  /** What it can do, once it was loaded on this page. */
  readonly info?: ModelInfo | undefined;
  /** Else what its configuration says it is. */
  readonly model_type?: string | null;
}

/** The model that comes with the page. */
export const OWN: ModelChoice = {
  id: '',
  get name() {
    return modelsWords.own;
  },
  model: undefined,
  local: false,
};

/** Whether a screen can use a model. */
export const fits = (info: ModelInfo, { suits }: ModelRow): boolean => suits(capabilitiesOf(info));

/** Whether a screen may be given a model; where too little is known of it, it may. */
export function mayUse({ info, model_type }: ModelChoice, screen: ModelRow): boolean {
  if (info) return fits(info, screen);
  if (model_type === undefined || model_type === null) return true;
  return screen.suits(capabilitiesOfType(model_type));
}

/** A kept model as a choice; its name as it was asked for finds its files again. */
export function choiceOf({ id, name, source, model_type }: StoredModel): ModelChoice {
  const model = source === 'hub' ? id : name;
  return { id: model, name: model, model, local: false, model_type };
}

/** A model by the address in a link or in the text box. */
export const choiceAt = (address: string): ModelChoice => ({
  id: address,
  name: address,
  model: address,
  local: false,
});

let opened = 0;

/** Files or a folder from this device's disk. */
export function choiceFrom(files: File[] | FileSystemDirectoryHandle): ModelChoice {
  // Two folders may have one name.
  const id = `disk:${(opened += 1)}`;
  return { id, name: nameOf(files), model: files, local: true };
}

function nameOf(files: File[] | FileSystemDirectoryHandle): string {
  if (!Array.isArray(files)) return files.name;
  const folder = files[0]?.webkitRelativePath.split('/')[0];
  return folder || (files.find(({ name }) => isWeightFile(name)) ?? files[0])?.name || words.frame.filesFromDevice;
}
