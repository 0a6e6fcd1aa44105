/** The elements of the screens, as the page uses them. */
import type { ModelOffer, ModelUse } from 'cloze/elements';
import { MODEL_SCREENS, SCREENS, type ScreenTask, type Task } from 'cloze/screens';

/** What the page needs of an element; all have it. */
export interface TaskElement extends HTMLElement {
  state: Record<string, unknown>;
  /** With what the last run chose itself (the seed). */
  readonly shareState: Record<string, unknown>;
  shareUrl?: () => string;
  /** Whether it holds a conversation; such a screen is not run again by whoever opens a link. */
  readonly talks?: boolean;
  run(): Promise<unknown>;
}

/** A screen that runs a model. */
export interface ScreenElement extends TaskElement {
  model: ModelUse['choice']['model'];
  modelName: string | undefined;
  token: string | undefined;
  /** A better model, for the screens that take one. */
  offer?: ModelOffer;
  readonly updateComplete: Promise<boolean>;
}

/** The Models screen. */
export interface ModelsElement extends TaskElement {
  use(task: ScreenTask, address: string): void;
  openDropped(data: DataTransfer | null): Promise<boolean>;
}

/** The Train screen. */
export interface TrainElement extends TaskElement {
  takeDropped(data: DataTransfer): boolean;
}

/** The element of each screen. */
export type ScreenElements = Readonly<
  Record<ScreenTask, ScreenElement> & { models: ModelsElement; train: TrainElement }
>;

/** An element of index.html. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

/** The screens' elements on the page. */
export function findScreens(): ScreenElements {
  const found = SCREENS.map(({ task, tag }) => [task, byId(`panel-${task}`).querySelector(tag)]);
  return Object.fromEntries(found) as ScreenElements;
}

/** Whether a screen runs a model. */
export const isModelScreen = (task: Task): task is ScreenTask => MODEL_SCREENS.some((one) => one.task === task);
