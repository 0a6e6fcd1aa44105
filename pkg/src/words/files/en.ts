/** English: what is said of a model's files while they are found, fetched, stored and read. */

/** What is being done. */
export const steps = {
  asking: (file: string) => `Asking for ${file}`,
  askingHub: (host: string, model: string) => `Asking ${host} for ${model}`,
  chosen: (file: string, models: number) =>
    `Of ${models} models in the folder, ${file} is taken: the best that is read`,
  fetching: (file: string) => `Fetching ${file}`,
  reading: (file: string) => `Reading ${file}`,
  paused: (file: string) => `Paused: ${file}`,
  here: (file: string) => `${file} is here`,
  otherTab: (file: string, paused: boolean) =>
    `Another tab ${paused ? 'has paused fetching' : 'is fetching'} ${file}; it is used here as soon as it is there`,
  again: (askedToWait: boolean, seconds: number) =>
    `${askedToWait ? 'The server asks to wait' : 'The connection broke'}: trying again${seconds < 1 ? '' : ` in ${Math.round(seconds)} s`}`,
};

/** What a load goes on after. */
export const warnings = {
  noSpace: (file: string) =>
    `There is no room left to keep ${file}: it runs from memory, and is fetched again the next time. To keep it, delete other models or free space on the disk`,
  notStored: (file: string) => `${file} cannot be kept in this browser’s storage: it is fetched again the next time`,
  noStorage:
    'This browser keeps no files for this page, as in some private windows: the model is fetched again the next time',
  offline: (host: string, what: string) => `${host} cannot be reached: the copy of ${what} that is kept here is used`,
  no_pre_tokenizer:
    'This GGUF file does not say how its tokenizer finds words (tokenizer.ggml.pre): llama.cpp’s rule for such files is followed, which may be another than the model’s. With the model’s tokenizer.json beside the file, that one is used',
};

/** What is wrong with a connection, or with what came over it. */
export const connection = {
  broken: (file: string, megabytes: string) =>
    `The connection broke while ${file} was being fetched, after ${megabytes} MB. Check the connection and try again; what has arrived is kept where the browser allows it.`,
  noRanges: (host: string, file: string) => `The server at ${host} stopped giving parts of ${file}. Load it again.`,
  changed: (file: string) => `${file} changed on the server while it was being fetched. Load it again.`,
  wrongLength: (file: string, host: string, found: number, expected: number) =>
    `${file} has ${found} bytes instead of ${expected}. The server at ${host} sends another file than the one that was published: try again later, or take the model from elsewhere.`,
  wrongHash: (file: string, host: string) =>
    `${file} is not the file that was published: its hash is another one. It was not used. The server at ${host} or something on the way changes it: try again later, or take the model from elsewhere.`,
  tooLarge: (file: string, megabytes: number) =>
    `${file} has more than ${megabytes} MB, and no model needs that much beside its weights. It was not read: check that it is the model’s own.`,
};

/** What a server's answer means. */
export const answers = {
  none: (file: string, host: string) =>
    `${file} could not be fetched from ${host}. Check the connection and try again.`,
  webPage: (file: string, url: string) =>
    `There is no ${file} at ${url}: the server sent a web page instead. Check the address.`,
  notFound: (file: string, url: string) => `There is no ${file} at ${url}. Check the address.`,
  noModelOrPrivate: (file: string, url: string) =>
    `There is no ${file} at ${url}. There is no such model, or it is private. Check the name, or give a token that may read it.`,
  gated: (file: string, host: string, status: number, token: boolean) =>
    `${host} does not give ${file} to everybody (${status}). ${
      token
        ? 'The token given does not open it: accept the model’s conditions with its account.'
        : 'Accept the model’s conditions, then give a token of that account.'
    }`,
  unauthorized: (file: string, host: string, token: boolean) =>
    `${host} asks who wants ${file} (401). ${
      token ? 'The token given is not accepted. Check it.' : 'Give a token with the option token.'
    }`,
  shorter: (file: string, host: string) => `${file} at ${host} is shorter than it was. Try again.`,
  tooManyRequests: (host: string) =>
    `${host} has had too many requests from here (429). Wait some minutes and try again; what has arrived is kept.`,
  failed: (file: string, status: number) => `The server answered ${status} instead of ${file}. Try again later.`,
};

/** What is wrong with a stored copy. */
export const copies = {
  partUnreadable: (file: string) => `The kept part of ${file} cannot be read. Load it again.`,
  unreadable: (file: string) => `The kept copy of ${file} cannot be read. Load it again.`,
  notWhole: (file: string) => `The kept copy of ${file} is not whole. Load it again.`,
};

/** What cannot be done with stored models. */
export const storedModels = {
  nothing: (model: string) => `Of ${model} nothing is kept here (any more).`,
  inUse: (file: string) =>
    `${file} is being fetched or read in this tab or another. Wait until it is there, or stop it, and try again.`,
};

/** What is wrong with a model's folder. */
export const folders = {
  noSmallFiles: (folder: string) =>
    `${folder} is no model folder that can be read: it has neither tokenizer.json, nor vocab.txt, nor vocab.json with merges.txt. Check the address, or choose all files of the model's folder.`,
  noNamedFile: (folder: string, file: string) => `${folder} has no ${file}. Check the option model_file_name.`,
  noWeights: (folder: string, safetensors: string, index: string, pytorch: string) =>
    `${folder} has no weights: neither ${safetensors} nor ${index}, no .gguf and no ${pytorch}. Check the address, or name the file with the option model_file_name.`,
  noShard: (folder: string, file: string, index: string) =>
    `${folder} has no ${file}, which ${index} names. Fetch or choose that file as well.`,
  foreignWeights: (folder: string, file: string) =>
    `${folder} has weights for other programs only (${file}). Use a model with safetensors, GGUF or PyTorch files.`,
  noParts: (folder: string, files: readonly string[], parts: number) =>
    `${folder} lacks ${files.join(', ')}: the model lies in ${parts} parts. Fetch or choose ${files.length > 1 ? 'those files' : 'that file'} as well.`,
  noDefaultModels: (address?: string) =>
    `No model was named, and the default models, which are a package of their own, are not here${address === undefined ? '' : ` (nothing can be imported from ${address})`}. Install them (npm install cloze-models) and import 'cloze-models' beside 'cloze'; without a bundler, serve the folder cloze-models beside the folder cloze, or set env.default_models to the address of a folder that holds bert/, gpt/ and unigram/. Or name a model.`,
  noModel: (host: string, model: string) =>
    `${host} has no model ${model}, or it is private. Check the name, or give a token that may read it.`,
  noRevision: (host: string, model: string, revision: string) =>
    `${host} has no revision ${revision} of the model ${model}, or it is private. Check the name, or give a token that may read it.`,
};

/** What is wrong with files of the visitor's disk. */
export const disk = {
  title: (files: string) => `Among the files (${files})`,
  fileGone: (file: string) => `${file} can no longer be read. Choose the files again.`,
  folderGone: (folder: string) => `The folder ${folder} can no longer be read. Choose it again.`,
};

/** What is wrong with what was dropped on a page. */
export const drops = {
  unreadable: (name: string) => `${name} cannot be read. Drop it again, or choose the files instead.`,
  tooMany: (folder: string) => `The folder ${folder} has too many files to be a model's. Drop the model's own folder.`,
};

/** What is wrong with the argument that names a model. */
export const argument = {
  kind: 'must be a URL or path of a folder, a hub id (owner/name), a list of files, a folder that was picked, or left out',
  name: (model: string) =>
    `"${model}" is neither a URL, nor a path beginning with / or ./, nor a hub id such as owner/name or owner/name@revision`,
  revision: (revision: string, model: string) => `is ${revision}, and the model is ${model}. Name one revision.`,
  notFiles: 'the list holds something else than files',
  noFiles: 'the list of files is empty. Give config.json, tokenizer.json and the weights.',
  address: (option: string, address: string) => `Option "${option}": "${address}" is no valid address.`,
};
