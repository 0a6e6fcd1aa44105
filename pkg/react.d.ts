/** The elements in JSX, for React 19 with TypeScript: `import type {} from 'cloze/react';` */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type * as cloze from './dist/elements.js';

/** What is set on an element from outside. */
type Settings = Exclude<
  keyof cloze.ClozeGenerate | keyof cloze.ClozeModels | keyof cloze.ClozeTrain,
  keyof HTMLElement | Hidden
>;
type Hidden =
  | 'talks'
  | 'takeDropped'
  | 'load'
  | 'run'
  | 'stop'
  | 'use'
  | 'openFiles'
  | 'openDropped'
  | 'shareState'
  | 'result'
  | 'updateComplete'
  | 'state';

/** An element's properties, attributes, and `on` with the names of its events. */
type Attributes<E extends HTMLElement & { state: object }, Events> = DetailedHTMLProps<HTMLAttributes<E>, E> &
  Partial<Pick<E, Settings & keyof E>> & { state?: Partial<E['state']>; 'model-name'?: string } & {
    [K in keyof Events & string as `on${K}`]?: (event: Events[K]) => unknown;
  };

type Screen<State extends object, Result> = Attributes<
  cloze.ScreenElement<State, Result>,
  cloze.ScreenEvents<State, Result>
> &
  Partial<cloze.StateProperties<State>>;
type Bringing<State extends object, Result> = Attributes<
  cloze.BringingElement<State, Result>,
  cloze.ScreenEvents<State, Result> & cloze.OfferEvents
> &
  Partial<cloze.StateProperties<State>>;
type Writing<State extends object, Result> = Attributes<
  cloze.WritingElement<State, Result>,
  cloze.ScreenEvents<State, Result> & cloze.OfferEvents
> &
  Partial<cloze.StateProperties<State>>;

/** React has a type `Attributes` of its own, which is meant inside its module. */
type Models = Attributes<cloze.ClozeModels, cloze.ModelsEvents>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'cloze-fill-mask': Screen<cloze.FillMaskState, cloze.FillMaskResult> &
        Partial<Pick<cloze.FormField, 'name' | 'required' | 'disabled'>>;
      'cloze-next-sentence': Screen<cloze.NextSentenceState, cloze.NextSentenceResult>;
      'cloze-generate': Writing<cloze.GenerateState, cloze.GenerateResult>;
      'cloze-summarize': Writing<cloze.SummarizeState, cloze.SummarizeResult>;
      'cloze-inside': Screen<cloze.InsideState, cloze.InsideResult>;
      'cloze-answer': Bringing<cloze.AnswerState, cloze.AnswerScreenResult>;
      'cloze-classify': Bringing<cloze.ClassifyState, cloze.ClassifyResult>;
      'cloze-tag': Bringing<cloze.TagState, cloze.TagResult>;
      'cloze-train': Attributes<cloze.ClozeTrain, cloze.TrainEvents>;
      'cloze-models': Models;
    }
  }
}
