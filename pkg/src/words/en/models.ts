/** The Models screen and the list of what is kept. */

/** Lists as English writes them. */
const all = new Intl.ListFormat('en-GB');

/** The Models screen in English. */
export const models = {
  about:
    'Any BERT or GPT-2, and their relatives, in Hugging Face’s layout or as GGUF. A model from an address is fetched once and kept in this browser; one from this device’s disk is read where it is. Text never leaves the page, whichever model reads it.',
  /** Models that people often ask for; the sizes are those of their weights. */
  example: (name: string, megabytes: number) => `${name}, ${megabytes} MB`,
  own: 'The page’s own',
  /** For a screen that no model comes with. */
  none: 'None yet',

  load: {
    form: 'Load a model',
    model: 'Model',
    placeholder: 'owner/name or https://…',
    modelAbout:
      'A name on the Hugging Face hub (owner/name, with @revision if you like), or the address of a folder or of one weight file.',
    noModel: 'Type a model’s name on the hub, such as openai-community/gpt2, or the address of its folder.',
    access: 'Access token and hub',
    accessAbout: 'for models that need one, and for mirrors',
    token: 'Token',
    tokenAbout: (host: string) =>
      `For ${host} alone; no other server is sent it. It is forgotten when this page is closed or the hub is changed, and is in no link.`,
    hub: 'Hub',
    hubAbout: 'Where names like owner/name are looked up: Hugging Face, or a mirror of it.',
    noHub: 'A hub’s address begins with https://, such as https://huggingface.co/.',
    load: 'Load',

    loading: (name: string) => `Loading ${name}.`,
    asking: (name: string) => `Asking for ${name}`,
    isPaused: (name: string) => `${name} is paused`,
    paused: 'Paused.',
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    stopped: 'Stopped.',
    stoppedKept: 'Stopped. What has arrived is kept; the next load goes on from there.',
    ready: (name: string) => `${name} is ready.`,
    loaded: (architecture: string, layers: number, parameters: string, memory: string) =>
      `: ${architecture}, ${layers} layers, ${parameters} parameters, ${memory} in memory.`,
    open: (screen: string) => `Open ${screen}`,
    usedBy: (screens: readonly string[]) => `Now used by ${all.format(screens)}.`,
    noHead: 'It has no head for any of the screens. The package makes vectors of texts with it (feature-extraction).',
  },

  disk: {
    section: 'From this device',
    about:
      'Or drop a model’s folder or its files anywhere on this page. They are read where they are; nothing is copied or sent.',
    folder: 'Choose a folder',
    files: 'Choose files',
  },

  uses: 'Which model each screen uses',

  kept: {
    title: 'Kept in this browser',
    list: 'Kept models',
    unreadable: (why: string) => `What is kept cannot be read: ${why}`,
    keepsNothing:
      'This browser lets the page keep nothing (a private window, perhaps, or storage that is switched off). Models run all the same, but are fetched again at the next visit.',
    used: (usage: string) => `${usage} used. `,
    usedOf: (usage: string, quota: string) => `${usage} used of ${quota} that the browser allows this site. `,
    promised: 'The browser has promised not to clear it away.',
    notPromised: 'When the disk fills up, the browser may clear it away.',
    storageUsed: 'Storage used',
    persist: 'Keep for good',
    agreed: 'The browser has promised not to clear the models away.',
    refused: 'The browser did not agree.',
    refusedWhy:
      'The browser did not agree to keep the models for good. Many do so for pages that were installed or are visited often: try again later.',
    empty: [
      'Nothing is kept yet.',
      'A model that is loaded from an address stays here, and is not fetched again. Models from this device’s disk are read where they are.',
    ],

    /** Models of the page by their ids, and how they are called in the middle of a sentence. */
    own: {
      'cloze:bert': { name: 'The page’s own BERT', within: 'the page’s own BERT' },
      'cloze:gpt': { name: 'The page’s own GPT-2', within: 'the page’s own GPT-2' },
    },
    cameWithPage: 'came with the page',
    from: (host: string) => `from ${host}`,
    fromAddress: (url: string) => `From ${url}`,
    unknownSize: 'an unknown size',
    partOf: (part: string, whole: string) => `${part} of ${whole}`,
    partHere: (part: string, whole: string) => `${part} of ${whole} here`,
    neverUsed: 'never used',
    lastUsed: (moment: string) => `last used ${moment}`,
    files: (files: string) => files,
    filesOfRevision: (files: string, revision: string) => `${files}, revision ${revision}`,
    fetched: (amount: string, moment: string) => `${amount}, fetched ${moment}`,
    sha256: (hash: string) => `sha256 ${hash}`,
    verified: 'The same as where it comes from.',
    unverified: 'Its server names no hash to compare it with.',

    reading: 'Reading every byte.',
    checking: (name: string) => `Checking ${name}`,
    verify: 'Verify',
    verifyThis: (name: string) => `Verify ${name}`,
    stop: 'Stop',
    stopChecking: (name: string) => `Stop checking ${name}`,
    fetchRest: 'Fetch the rest',
    fetchRestOf: (name: string) => `Fetch the rest of ${name}`,
    delete: 'Delete',
    deleteThis: (name: string) => `Delete ${name}`,
    keep: 'Keep',
    shallDelete: (name: string) => `Delete ${name}?`,
    shallDeleteBytes: (name: string, bytes: string) => `Delete ${name} (${bytes})?`,
    fetchedAgain: 'It is fetched again when a screen uses it.',
    fetchedAnew: 'To use it again, it has to be fetched anew.',
    deleted: (name: string) => `${name} was deleted.`,
    notDeleted: (why: string) => `It was not deleted: ${why}`,
    checked: (name: string, result: string) => `${name}: ${result}`,
    checkStopped: 'The check was stopped.',
    notChecked: (why: string) => `It could not be checked: ${why}`,
    good: 'Every byte is as it was fetched.',
    goodSoFar: (files: readonly string[]) =>
      `What is here is good; of ${files.join(', ')} the rest is still to be fetched.`,
    damaged: (files: readonly string[]) =>
      files.length > 1
        ? `${files.join(', ')} were damaged and removed. The next load fetches them again.`
        : `${files.join(', ')} was damaged and removed. The next load fetches it again.`,
  },
};
