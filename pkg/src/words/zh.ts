/** Chinese (Simplified): what the screens say, in one piece. Words that are fetched with a screen or a worker lie beside it, as in English. */
import type { en } from './en.js';
import { advice } from './zh/advice.js';
import { answer } from './zh/answer.js';
import { bring } from './zh/bring.js';
import { chineseExamples } from './zh/chinese-examples.js';
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

/** What all screens share. */
export const zh: typeof en = { advice, frame, insideTab, labels, numbers };

/** What one screen alone says. */
export const screens = {
  answer,
  bring,
  chineseExamples,
  classify,
  fillMask,
  generate,
  models,
  nextSentence,
  offer,
  summarize,
  tag,
  writing,
};
