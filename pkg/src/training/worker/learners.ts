/** Opens what learns from a model: anew, or where it was left. */
import { ClozeError } from '../../border/errors.js';
import { trainingErrors as say } from '../../words/training/index.js';
import type { ChatSettings, LabelledWords, TaggerSettings, TuneData, TuneSettings } from '../core-types.js';
import type { CoreChat, ModelFiles, TrainingCore } from '../core.js';
import type {
  KeepingOrder,
  LearnerLeft,
  OpenedChat,
  OpenedTagger,
  OpenedTuning,
  StartModel,
  TrainingCalls,
  TrainingNews,
} from '../protocol.js';
import { Keeper } from '../storage/keeper.js';
import { holdRun, notFound, readRun } from '../storage/kept.js';
import type { LearnerFacts, LogEntry } from '../storage/format.js';
import { packSource, unpackSource } from '../storage/source.js';
import { openRunStore } from '../storage/run-store.js';
import type { LearnerKind } from '../types.js';
import { newId } from './new-id.js';
import { ChatSession, TaggerSession, TuneSession, type Keeping, type LearnerParts } from './tune-session.js';

/** What they are opened with. */
export interface LearnerAround {
  core: TrainingCore;
  files(model: StartModel): Promise<ModelFiles>;
  tell: (news: TrainingNews) => void;
  failed: (error: unknown) => void;
}

/** A session, and what the page hears of it. */
interface Opened<S, O> {
  session: S;
  opened: O;
}

/** What is kept of a fine-tuning beside its checkpoint. */
interface TuneSource {
  model: StartModel | null;
  data: TuneData;
  settings: Partial<TuneSettings>;
}

/** Of chat, where the model has an address. */
interface ChatSource {
  model: StartModel | null;
  settings: Partial<ChatSettings>;
}

/** A model that can be fetched again; others are copied. Who may fetch it is kept nowhere. */
function lasting(model: StartModel): StartModel | null {
  if ('run' in model || model.credentials) return null;
  const { kind } = model.source;
  return kind === 'files' || kind === 'directory' ? null : model;
}

/** How something new is kept, if it is to be. */
function keepingOf(order: KeepingOrder | null, lasts: boolean, source: () => Uint8Array[]): Keeping | undefined {
  if (!order) return undefined;
  const id = newId();
  return { id, created: Date.now(), keeper: Keeper.of(id, source), order, lasting: lasts, resumed: false };
}

const partsOf = ({ tell, failed }: LearnerAround, keeping: Keeping | undefined): LearnerParts => ({
  tell,
  failed,
  keeping,
});

/** What the page hears of all of them. */
const left = (keeping: Keeping | undefined, log: readonly LogEntry[], evaluate_every = 0): LearnerLeft => ({
  id: keeping?.id ?? '',
  name: keeping?.order.name ?? '',
  metadata: keeping?.order.metadata ?? null,
  evaluate_every,
  steps: log.flatMap((entry) => ('step' in entry ? [entry.step] : [])),
  evaluations: log.flatMap((entry) => ('tuned' in entry ? [entry.tuned] : [])),
});

/** The phases of a log, each with its steps. */
function phasesOf(log: readonly LogEntry[]): OpenedChat['phases'] {
  const phases: OpenedChat['phases'] = [];
  for (const entry of log) {
    if ('phase' in entry) phases.push({ info: entry.phase, steps: [] });
    if ('step' in entry) phases.at(-1)?.steps.push(entry.step);
  }
  return phases;
}

/** Fine-tunes a model. */
export async function openTuning(
  { model, data, settings, keeping: order }: TrainingCalls['tune']['params'],
  around: LearnerAround,
): Promise<Opened<TuneSession, OpenedTuning>> {
  const files = await around.files(model);
  const core = new around.core.FineTuning({ files, settings, data });
  const address = lasting(model);
  const source: TuneSource = { model: address, data, settings };
  const keeping = keepingOf(order, true, () => packSource(source, address ? {} : files));
  const session = new TuneSession(core, partsOf(around, keeping));
  await session.trySave();
  return { session, opened: { ...left(keeping, []), info: core.info(), settings: core.settings(), data } };
}

/** Takes a GPT through ChatGPT's steps. */
export async function openChat(
  { model, settings, keeping: order }: TrainingCalls['chat']['params'],
  around: LearnerAround,
): Promise<Opened<ChatSession, OpenedChat>> {
  const files = await around.files(model);
  const core = chatOf(around.core, files, settings);
  const address = lasting(model);
  const source: ChatSource = { model: address, settings };
  const keeping = keepingOf(order, address !== null, () => packSource(source, {}));
  const session = new ChatSession(core, partsOf(around, keeping));
  await session.trySave();
  return { session, opened: { ...left(keeping, []), phases: [] } };
}

/** Mixes an ELMo's layers. */
export async function openTagger(
  { model, data, settings, keeping: order }: TrainingCalls['tagger']['params'],
  around: LearnerAround,
): Promise<Opened<TaggerSession, OpenedTagger>> {
  const core = new around.core.ElmoTagger(
    await around.files(model),
    data as LabelledWords,
    settings as TaggerSettings,
  );
  const keeping = keepingOf(order, false, () => packSource({}, {}));
  const session = new TaggerSession(core, partsOf(around, keeping));
  await session.trySave();
  return { session, opened: { ...left(keeping, []), info: core.info() } };
}

/** Settings that are left out have their default in the core. */
const chatOf = (core: TrainingCore, files: ModelFiles, settings: Partial<ChatSettings>): CoreChat =>
  new core.ChatSteps({ files, settings: settings as ChatSettings });

/** What was kept of a learner that is now held. */
interface Left {
  facts: LearnerFacts;
  keeping: Keeping;
  checkpoint: Uint8Array;
  source: Blob;
  log: LogEntry[];
}

/** Takes a kept learner, makes what goes on of it, and lets it go again where that fails. */
async function resumed<S, O>(
  id: string,
  kind: LearnerKind,
  make: (of: Left) => Promise<Opened<S, O>>,
): Promise<Opened<S, O>> {
  const store = await openRunStore();
  if (!store) throw notFound(id);
  const lock = await holdRun(id);
  try {
    const { facts, checkpoint, source, log, slot } = await readRun(store, id);
    if (facts.kind !== kind) throw new ClozeError('unsupported', say.noRun, { id });
    const { created, name, save_every, metadata, sequence } = facts;
    const keeper = Keeper.resume(id, lock, { sequence, log: facts.log, slot });
    const order = { name, save_every, metadata };
    const keeping = { id, created, keeper, order, lasting: true, resumed: true };
    return await make({ facts, keeping, checkpoint, source, log });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Goes on with a fine-tuning. */
export const resumeTuning = (id: string, around: LearnerAround): Promise<Opened<TuneSession, OpenedTuning>> =>
  resumed(id, 'fine-tuning', async ({ facts, keeping, checkpoint, source, log }) => {
    const { json, files: own } = await unpackSource<TuneSource>(source);
    const { model, data, settings } = json;
    const files = model ? await around.files(model) : own;
    const { FineTuning } = around.core;
    const core =
      checkpoint.byteLength > 0
        ? FineTuning.resume(checkpoint, { files, data })
        : new FineTuning({ files, settings, data });
    const session = new TuneSession(core, partsOf(around, keeping)).goOnFrom(log);
    session.evaluate_every = facts.evaluate_every;
    const opened = { ...left(keeping, log, facts.evaluate_every), info: core.info(), settings: core.settings(), data };
    return { session, opened };
  });

/** Goes on with ChatGPT's steps. */
export const resumeChat = (id: string, around: LearnerAround): Promise<Opened<ChatSession, OpenedChat>> =>
  resumed(id, 'chat', async ({ keeping, checkpoint, source, log }) => {
    const { json } = await unpackSource<ChatSource>(source);
    const core =
      checkpoint.byteLength > 0 || !json.model
        ? around.core.ChatSteps.resume(checkpoint)
        : chatOf(around.core, await around.files(json.model), json.settings);
    const session = new ChatSession(core, partsOf(around, { ...keeping, lasting: json.model !== null }));
    return { session, opened: { ...left(keeping, log), phases: phasesOf(log) } };
  });

/** Goes on with a tagger. */
export const resumeTagger = (id: string, around: LearnerAround): Promise<Opened<TaggerSession, OpenedTagger>> =>
  resumed(id, 'tagger', async ({ facts, keeping, checkpoint, log }) => {
    const core = around.core.ElmoTagger.resume(checkpoint);
    const own = { ...keeping, lasting: false };
    const session = new TaggerSession(core, partsOf(around, own)).goOnFrom(log);
    session.evaluate_every = facts.evaluate_every;
    return { session, opened: { ...left(keeping, log, facts.evaluate_every), info: core.info() } };
  });
