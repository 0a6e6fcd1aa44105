/** English: what all screens share, keyed by where it stands. What one screen alone says lies in `screens/`, and what is said of files and by errors beside it, by side. */
import { advice } from './en/advice.js';
import { frame, labels } from './en/frame.js';
import { insideTab } from './en/inside-tab.js';
import { numbers } from './en/numbers.js';

/** The words of all screens in English. */
export const en = { advice, frame, insideTab, labels, numbers };
