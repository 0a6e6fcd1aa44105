// Cloze itself.
import { loadText, openTraining } from '/pkg/dist/training.js';

/** A model of `./models.mjs` as the settings of a run. */
async function settingsOf(host, { model, muon = false }) {
  const settings = await host.default_settings(model.architecture, 'medium');
  return {
    ...settings,
    tokenizer: model.architecture === 'gpt' ? 'byte-bpe' : 'word-piece',
    vocab_size: model.vocab,
    hidden_size: model.width,
    num_layers: model.layers,
    num_heads: model.heads,
    context: model.context,
    batch_size: model.batch,
    steps: 1_000_000,
    schedule: { peak: model.learning_rate, warmup: 1, decay_share: 0 },
    optimizer: {
      ...settings.optimizer,
      muon,
      beta1: model.beta1,
      beta2: model.beta2,
      eps: model.eps,
      weight_decay: model.weight_decay,
    },
    clip: model.clip,
  };
}

/** Steps alone, unless `plan` says otherwise. */
const ALONE = { evaluate_every: 0, sample_every: 0, save_every: 1e6 };

async function begin(job) {
  const host = await openTraining(job.options);
  const settings = await settingsOf(host, job);
  return { host, settings, run: await host.run(settings, await loadText(job.text), job.plan ?? ALONE) };
}

export async function open(job) {
  const { host, run } = await begin(job);
  return { runtime: host.runtime, parameters: run.info.weights, step: async () => stepOf(await run.step()) };
}

const stepOf = ({ loss, tokens }) => ({ loss, tokens });

/** What a step multiplies and adds, by its settings. */
export async function cost(job) {
  const host = await openTraining(job.options);
  return host.cost(await settingsOf(host, job));
}

/** Texts of the batch of a step. */
const rowsOf = (run, step, { batch }) =>
  Promise.all(Array.from({ length: batch }, (_, row) => run.batch(step, row)));

/** The first batches as numbers, for others to learn from. */
export async function batches(job, count) {
  const { run } = await begin(job);
  const numbers = new Map([['[PAD]', 0]]);
  const id = (token) => numbers.get(token) ?? numbers.set(token, numbers.size).get(token);
  const all = [];
  for (let step = 0; step < count; step++) all.push(NUMBERED[job.model.architecture](await rowsOf(run, step, job.model), id, job.model));
  return all;
}

const NUMBERED = {
  gpt: (rows, id) => {
    const windows = rows.map(({ tokens }) => tokens.map(id));
    const inputs = windows.flatMap((window) => window.slice(0, -1));
    return { tokens: inputs.length, inputs, targets: windows.flatMap((window) => window.slice(1)) };
  },
  elmo: (rows, id) => {
    const windows = rows.map(({ tokens }) => tokens.map(id));
    return {
      tokens: windows.flat().length,
      inputs: windows.flat(),
      next: windows.flatMap((window) => window.slice(1)),
      // In the order in which they are read.
      previous: windows.flatMap((window) => window.slice(0, -1).reverse()),
    };
  },
  bert: (rows, id, { context, vocab }) => {
    const padded = (values, fill) => [...values, ...Array(context - values.length).fill(fill)];
    const chosen = rows.flatMap(({ labels }, row) =>
      labels.flatMap((label, at) => (label === null ? [] : [[row * context + at, id(label)]])),
    );
    // As many in each step: what is beyond them counts nothing.
    const room = Math.ceil(rows.length * context * 0.25);
    if (chosen.length > room) throw new Error(`${chosen.length} of ${rows.length * context} tokens are to be guessed, in a vocabulary of ${vocab}`);
    const filled = (values, fill) => [...values, ...Array(room - values.length).fill(fill)];
    return {
      tokens: rows.reduce((sum, { tokens }) => sum + tokens.length, 0),
      inputs: rows.flatMap(({ tokens }) => padded(tokens.map(id), 0)),
      segments: rows.flatMap(({ tokens }) => padded(tokens.map((_, at) => Number(at > tokens.indexOf('[SEP]'))), 0)),
      mask: rows.flatMap(({ tokens }) => padded(tokens.map(() => 1), 0)),
      chosen: filled(chosen.map(([at]) => at), 0),
      labels: filled(chosen.map(([, label]) => label), 0),
      weights: filled(chosen.map(() => 1 / chosen.length), 0),
      not_next: rows.map(({ is_next }) => Number(!is_next)),
    };
  },
};
