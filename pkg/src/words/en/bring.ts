/** Screens for which no model comes with the package. */
import { isolated } from '../mixed.js';

/** The invitation to bring a model, in English. */
export const bring = {
  label: 'A model for this screen',
  title: 'Bring a model.',
  load: (name: string, megabytes: number) => `Load ${name}, ${megabytes} MB`,
  fetched: (host: string) =>
    `It is fetched from ${host} once and kept in this browser. What you type is not sent there, nor anywhere else.`,
  others: 'Any other model that was fine-tuned for this will do, from the hub or from your disk: load it under',
  first: (verb: string) => `There is no model yet that could do this. Load one of these, then press “${verb}”.`,
  knows: (classes: string, names: readonly string[], more: number) =>
    `This model tells ${classes} apart: ${names.map(isolated).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
};
