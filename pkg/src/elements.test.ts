import { expectTypeOf, test } from 'vitest';
import type * as declared from './elements.js';
import type { ClozeAnswer } from './elements/answer/element.js';
import type { ClozeClassify } from './elements/classify/element.js';
import type { ClozeFillMask } from './elements/fill-mask/element.js';
import type { ClozeGenerate } from './elements/generate/element.js';
import type { ClozeInside } from './elements/inside/element.js';
import type { ClozeModels } from './elements/models/element.js';
import type { ClozeNextSentence } from './elements/next-sentence/element.js';
import type { ClozeSummarize } from './elements/summarize/element.js';
import type { ClozeTag } from './elements/tag/element.js';
import type { ClozeTrain } from './elements/train/element.js';
import type { StateProperties } from './elements/attributes.js';
import type { ScreenElement } from './elements/screen-element.js';
import type { LitElement } from 'lit';

/** What an element has of its own and does not declare. */
type Undeclared<E, D> = Exclude<keyof E, keyof LitElement | keyof D>;

// Checked by tsc.
/** What an attribute's property would hide. */
type Hidden<E> = Extract<keyof StateProperties<E>, keyof HTMLElement | keyof ScreenElement<object, never, never>>;

test('the properties of a state hide nothing', () => {
  expectTypeOf<Hidden<declared.FillMaskState>>().toEqualTypeOf<never>();
  expectTypeOf<Hidden<declared.NextSentenceState>>().toEqualTypeOf<never>();
  expectTypeOf<Hidden<declared.GenerateState>>().toEqualTypeOf<never>();
  expectTypeOf<Hidden<declared.SummarizeState>>().toEqualTypeOf<never>();
  expectTypeOf<Hidden<declared.InsideState>>().toEqualTypeOf<never>();
  expectTypeOf<Hidden<declared.AnswerState>>().toEqualTypeOf<never>();
  expectTypeOf<Hidden<declared.ClassifyState>>().toEqualTypeOf<never>();
  expectTypeOf<Hidden<declared.TagState>>().toEqualTypeOf<never>();
});

test('elements declare all that is public of them', () => {
  expectTypeOf<Undeclared<ClozeFillMask, declared.ClozeFillMask>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeNextSentence, declared.ClozeNextSentence>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeGenerate, declared.ClozeGenerate>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeSummarize, declared.ClozeSummarize>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeInside, declared.ClozeInside>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeAnswer, declared.ClozeAnswer>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeClassify, declared.ClozeClassify>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeTag, declared.ClozeTag>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeTrain, declared.ClozeTrain>>().toEqualTypeOf<never>();
  expectTypeOf<Undeclared<ClozeModels, declared.ClozeModels>>().toEqualTypeOf<never>();
});
