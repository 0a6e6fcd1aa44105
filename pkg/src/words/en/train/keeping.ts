/** What becomes of a model that was trained. */
import { isolated } from '../../mixed.js';

/** In English. */
export const keeping = {
  heading: 'Keep it',
  name: 'Name',
  open: (screen: string) => `Open in ${screen}`,
  download: 'Download the folder',
  keep: 'Keep in this browser',
  kept: (name: string) => `${isolated(name)} is kept in this browser, in the list below.`,
  downloaded: (file: string) => `Saved ${isolated(file)}.`,
  packing: 'Packing the model.',
  code: 'Use it in your own page. Unpack the folder where your page is, then:',
  python: 'Or in Python:',
  copy: 'Copy',
  copied: 'Copied.',
  notCopied: 'The browser does not allow copying here. Select the text and copy it by hand.',
  own: {
    caption: 'Your models in this browser',
    name: 'Model',
    size: 'Size',
    made: 'Made',
    open: 'Open',
    openNamed: (name: string) => `Open ${isolated(name)}`,
    download: 'Download',
    downloadNamed: (name: string) => `Download ${isolated(name)}`,
    remove: 'Remove',
    removeNamed: (name: string) => `Remove ${isolated(name)}`,
    sure: (name: string) => `Remove ${isolated(name)} for good?`,
    yes: 'Remove',
    no: 'Keep',
    removed: (name: string) => `${isolated(name)} is removed.`,
  },
};
