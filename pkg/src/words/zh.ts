/** Chinese (Simplified): what the screens say. Words that are fetched with a screen or a worker lie beside it, as in English. */
import type { en } from './en.js';
import { advice } from './zh/advice.js';
import { answer } from './zh/answer.js';
import { bring } from './zh/bring.js';
import { classify } from './zh/classify.js';
import { fillMask } from './zh/fill-mask.js';
import { frame, labels } from './zh/frame.js';
import { generate } from './zh/generate.js';
import { insideTab } from './zh/inside-tab.js';
import { models } from './zh/models.js';
import { nextSentence } from './zh/next-sentence.js';
import { numbers } from './zh/numbers.js';
import { offer } from './zh/offer.js';
import { summarize } from './zh/summarize.js';
import { tag } from './zh/tag.js';
import { writing } from './zh/writing.js';

export const zh: typeof en = {
  advice,
  answer,
  bring,
  classify,
  fillMask,
  frame,
  generate,
  insideTab,
  labels,
  models,
  nextSentence,
  numbers,
  offer,
  summarize,
  tag,
  writing,
};
