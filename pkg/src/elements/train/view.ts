/** What a view of the Train screen is: a custom element, fetched when it is first shown, that keeps what it does while another is. */
import type { PipelineOptions } from '../../index.js';
import type { ScreenTask } from '../rows.js';
import type { TrainViewName } from './schema.js';

/** What the frame gives its views. */
export interface TrainFrame {
  /** Which WebAssembly build the page asks for, and how many threads at most. */
  readonly build: PipelineOptions['build'];
  readonly threads: number | undefined;
  /** Whether the screen is seen: neither another tab of the page nor one of the browser lies before it. */
  readonly seen: boolean;
  /** Says something in the screen's status line, which screen readers read out. */
  announce(text: string): void;
  /** The settings of the view are others now: they stand in the address and in links. */
  setChanged(view: TrainViewName, set: string): void;
  /** The address of a view with these settings. */
  link(view: TrainViewName, set: string): string;
  /** Shows another view, with settings if there are any. */
  turnTo(view: TrainViewName, set?: string): void;
  /** Shows something above the other views while the one that asks is hidden; undefined for nothing any more. */
  setAside(element: HTMLElement | undefined): void;
  /** Gives a trained folder to another screen, and shows that one. */
  openIn(task: ScreenTask, name: string, files: File[]): void;
}

/** A view's element. */
export interface TrainView extends HTMLElement {
  /** Set once, before the element is put on the page. */
  frame: TrainFrame;
  /** Settings from a link were set, or another view's reader asks for them; the empty text is all at their default. */
  takeSet(set: string): void;
  /** What Ctrl+Enter and `run()` of the screen do; `unasked`: the page begins it, and the reader is left where they read. */
  run(how?: { readonly unasked?: boolean }): Promise<unknown>;
  /** `seen` of the frame changed. */
  seenChanged?(): void;
  /** Something was dropped on the page while the view was shown; whether it takes it. Called in the event's own turn. */
  takeDropped?(data: DataTransfer): boolean;
}

/** A row of the table of views. */
export interface TrainViewRow {
  /** Its name, and what one does there in one or two sentences. */
  readonly words: { readonly label: string; readonly about: string };
  /** The name of its element. */
  readonly tag: string;
  fetch(): Promise<new () => TrainView>;
}
