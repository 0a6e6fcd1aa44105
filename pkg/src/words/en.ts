/** English: what the screens say, keyed by screen and label. What is said of files and by errors lies beside it, by side. */
import { advice } from './en/advice.js';
import { answer } from './en/answer.js';
import { bring } from './en/bring.js';
import { classify } from './en/classify.js';
import { frame, labels } from './en/frame.js';
import { fillMask } from './en/fill-mask.js';
import { generate } from './en/generate.js';
import { insideTab } from './en/inside-tab.js';
import { models } from './en/models.js';
import { nextSentence } from './en/next-sentence.js';
import { numbers } from './en/numbers.js';
import { offer } from './en/offer.js';
import { summarize } from './en/summarize.js';
import { tag } from './en/tag.js';
import { writing } from './en/writing.js';

/** The words of the screens in English. */
export const en = {
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
