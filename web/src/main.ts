/** The page: the elements of the package, the address that describes them, and the facts of the run. */
import type { BuildOption } from 'cloze';
import { tokensText, type ModelUse, type ScreenTask } from 'cloze/elements';
import { setUpDrop } from './drop';
import { showFacts, type Ready } from './facts';
import { complete, formatFragment, MAX_LENGTH, parseFragment, TASKS, type Task } from './fragment';
import { rememberHub } from './hub';
import { setUpOffline } from './offline';
import { isKept, keepOwnModels } from './own-models';
import { offerReload } from './reload-notice';
import { setUpTabs } from './tabs';
import { setUpTheme } from './theme';

/** What the page needs of an element; all have it. */
interface TaskElement extends HTMLElement {
  state: Record<string, unknown>;
  /** With what the last run chose itself (the seed). */
  readonly shareState: Record<string, unknown>;
  shareUrl?: () => string;
  run(): Promise<unknown>;
}

/** A screen that runs a model. */
interface ScreenElement extends TaskElement {
  model: ModelUse['choice']['model'];
  modelName: string | undefined;
  token: string | undefined;
  readonly updateComplete: Promise<boolean>;
}

/** The Models screen. */
interface ModelsElement extends TaskElement {
  use(task: ScreenTask, address: string): void;
  openDropped(data: DataTransfer | null): Promise<boolean>;
}

const TAG: Record<Task, string> = {
  'fill-mask': 'cloze-fill-mask',
  'next-sentence': 'cloze-next-sentence',
  generate: 'cloze-generate',
  summarize: 'cloze-summarize',
  models: 'cloze-models',
};

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
};

const elements = Object.fromEntries(
  TASKS.map((task) => [task, byId(`panel-${task}`).querySelector(TAG[task])]),
) as Record<ScreenTask, ScreenElement> & { models: ModelsElement };

const isScreen = (task: Task): task is ScreenTask => task !== 'models';

// `?build=simd128`, `?threads=1`, `?dtype=fp32`: the same page on another build, for comparing.
const query = new URLSearchParams(location.search);
for (const name of ['build', 'threads', 'dtype']) {
  const value = query.get(name);
  if (value !== null) for (const task of TASKS) elements[task].setAttribute(name, value);
}

const ready = new Map<Task, Ready>();
/** Tasks whose shown result belongs to the state as it is: only these are shared with `run=1`. */
const fresh = new Set<Task>();

const tokens = new CSSStyleSheet();
tokens.replaceSync(tokensText);
document.adoptedStyleSheets.push(tokens);

setUpTheme(byId('theme'));
const tabs = setUpTabs(byId('tabs'), () => {
  writeAddress();
  facts();
});
const current = (): Task => tabs.current as Task;
const asked = {
  build: query.get('build') as BuildOption | null,
  threads: query.has('threads') ? Number(query.get('threads')) : null,
};
const facts = (): void => {
  showFacts(ready.get(current()), asked);
  if (current() === 'models') byId('fact-model').textContent = 'Each screen has its own.';
};

function note(text: string, action?: { name: string; act: () => void }): void {
  const place = byId('note');
  place.replaceChildren();
  if (text === '') return;
  const paragraph = document.createElement('p');
  paragraph.className = 'note';
  paragraph.textContent = text;
  if (action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action.name;
    button.addEventListener('click', () => {
      note('');
      action.act();
    });
    paragraph.append(' ', button);
  }
  place.append(paragraph);
}

/** The address of the model that each screen uses, where it is neither the page's own nor on this device's disk. */
const modelAddress = new Map<Task, string>();
/** The address of the model that a link asked for, while the reader has not answered. */
const askedModel = new Map<Task, string>();

/** Whether the Generate screen is a conversation: its element says so by an attribute. */
const talks = (task: Task): boolean => task === 'generate' && elements[task].hasAttribute('talking');

/** All that a link says of a screen. Of the mode only what does not go without saying: most models cannot talk. */
function described(task: Task, state: Record<string, unknown>): Record<string, unknown> {
  if (!isScreen(task)) return state;
  const mode = talks(task) || state['mode'] === 'text' || state['message'] ? state['mode'] : undefined;
  return { ...state, mode, model: askedModel.get(task) ?? modelAddress.get(task) };
}

// Page → address. Waits for a pause in typing: browsers limit how often the address may change.
let timer: ReturnType<typeof setTimeout> | undefined;

function writeAddress(): void {
  clearTimeout(timer);
  timer = undefined;
  const task = current();
  let fragment = formatFragment(task, described(task, elements[task].state));
  if (fragment.length > MAX_LENGTH) fragment = formatFragment(task, {});
  // replaceState: typing leaves no trail in the history, and fires no hashchange.
  if (fragment !== location.hash) history.replaceState(history.state, '', fragment);
}

/** Whoever opens a link has not the files of this device's disk. */
const usesLocalFiles = (task: Task): boolean =>
  isScreen(task) && elements[task].model !== undefined && !modelAddress.has(task);

function link(task: Task): string {
  // A conversation has been had: there is nothing to run again.
  const run = fresh.has(task) && !usesLocalFiles(task) && !talks(task);
  const fragment = formatFragment(task, described(task, elements[task].shareState), run);
  if (fragment.length > MAX_LENGTH) {
    note('This text is too long for a link: the copied link opens the tab without it.');
    return new URL(formatFragment(task, {}), location.href).href;
  }
  return new URL(fragment, location.href).href;
}

// Address → page.
function readAddress(): void {
  clearTimeout(timer);
  const { screen, problems } = parseFragment(location.hash);
  if (screen) {
    const element = elements[screen.task];
    try {
      // A link that only names a tab changes nothing in it.
      if (Object.keys(screen.state).length > 0) element.state = complete(screen.task, screen.state);
    } catch {
      // It throws on what it cannot use, having taken the rest; what that was is found below.
    }
    // Numbers are brought into their limits silently; the reader is told.
    const taken = element.state;
    for (const [key, value] of Object.entries(screen.state)) {
      if (key === 'model' && isScreen(screen.task)) continue;
      if (JSON.stringify(taken[key]) !== JSON.stringify(value))
        problems.push(`“${key}” cannot be ${JSON.stringify(value)}`);
    }
  }
  note(problems.length === 0 ? '' : `Part of this link was ignored: ${problems.join('; ')}.`);
  if (!screen) return;
  fresh.delete(screen.task);
  tabs.select(screen.task);
  const run = (): void => {
    // Failures show in the element itself, beside the control that caused them.
    if (screen.run && isScreen(screen.task)) elements[screen.task].run().catch(() => undefined);
  };
  // A link says all: what it leaves out is at its default. One that only names a tab changes nothing in it.
  const model = screen.state.model ?? (Object.keys(screen.state).length > 0 ? '' : undefined);
  if (isScreen(screen.task) && typeof model === 'string' && model !== (modelAddress.get(screen.task) ?? ''))
    void useLinked(screen.task, model, run);
  else run();
}

/** A link names a model: what is not kept here yet is only fetched, from wherever that may be, if the reader wants it. */
async function useLinked(task: ScreenTask, model: string, run: () => void): Promise<void> {
  const use = (): void => {
    elements.models.use(task, model);
    // A run begun before the screen has taken the model over would be ended by that.
    void elements[task].updateComplete.then(run);
  };
  askedModel.set(task, model);
  if (model === '' || (await isKept(model))) use();
  else
    note(`This link asks for the model “${model}”, which is not kept in this browser.`, { name: 'Fetch it', act: use });
}

elements.models.addEventListener('cloze-use', (event) => {
  const { task, choice, token } = (event as CustomEvent<ModelUse>).detail;
  const element = elements[task];
  const same = element.model === choice.model && (token === undefined || token === element.token);
  element.token = token;
  element.model = choice.model;
  element.modelName = choice.id === '' ? undefined : choice.name;
  if (choice.local || choice.id === '') modelAddress.delete(task);
  else modelAddress.set(task, choice.id);
  askedModel.delete(task);
  // The same model is not loaded again, and so does not say again that it is ready.
  if (!same) {
    ready.delete(task);
    fresh.delete(task);
  }
  if (task === current()) writeAddress();
});

// Names are looked up elsewhere from now on: what was typed for the hub before is not for that one.
elements.models.addEventListener('cloze-hub', () => {
  for (const task of TASKS.filter(isScreen)) elements[task].token = undefined;
});
rememberHub(elements.models);

setUpDrop(byId('drop-veil'), (data) => {
  tabs.select('models');
  void elements.models.openDropped(data);
});

for (const task of TASKS) {
  const element = elements[task];
  element.shareUrl = () => link(task);
  element.addEventListener('cloze-change', () => {
    fresh.delete(task);
    if (task !== current()) return;
    clearTimeout(timer);
    timer = setTimeout(writeAddress, 300);
  });
  element.addEventListener('cloze-ready', (event) => {
    ready.set(task, (event as CustomEvent<Ready>).detail);
    facts();
  });
  element.addEventListener('cloze-result', () => fresh.add(task));
}

addEventListener('hashchange', readAddress);
// A link copied from the address bar right after typing must not miss the last words.
addEventListener('pagehide', () => {
  if (timer !== undefined) writeAddress();
});
readAddress();
facts();

// Not while developing: Vite's pages change under the same address.
if (import.meta.env.PROD) {
  void setUpOffline({
    tell: (text) => (byId('fact-offline').textContent = text),
    offerReload: (text, reload) => offerReload(byId('reload-notice'), text, reload),
    keepModels: keepOwnModels,
  });
}
