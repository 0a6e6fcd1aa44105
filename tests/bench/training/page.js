// What is measured of training, in the page: through each system's public API.
//
// An adapter (./cloze.js, ./peers/*.js) exports
//   open(job) -> { parameters, runtime, step() -> { loss, tokens } }: a model with new weights, and one step of it after the other
// where a job is a model, options of the system, and a text or the batches of it. Ours says what the batches are, too.
const adapter = await import(`./${new URLSearchParams(location.search).get('kind')}.js`);

/** What is being trained. */
let training;

window.measure = {
  batches: (job, count) => adapter.batches(job, count),

  cost: (job) => adapter.cost(job),

  async open(job) {
    const start = performance.now();
    training = await adapter.open(job);
    const first = await training.step();
    return {
      parameters: training.parameters,
      runtime: training.runtime,
      first_step_ms: performance.now() - start,
      first_loss: first.loss,
      browser: /\w*Chrome\/[\d.]+/.exec(navigator.userAgent)?.[0],
    };
  },

  /** The losses of so many steps. */
  async losses(steps) {
    const losses = [];
    while (losses.length < steps) losses.push((await training.step()).loss);
    return losses;
  },

  /** Steps for so long, at least so many. */
  async speed({ warm, steps, seconds }) {
    await window.measure.losses(warm);
    const start = performance.now();
    let [done, tokens, ms] = [0, 0, 0];
    while (done < steps || ms < 1000 * seconds) {
      tokens += (await training.step()).tokens;
      done++;
      ms = performance.now() - start;
    }
    return { tok_s: (1000 * tokens) / ms, step_ms: ms / done };
  },
};
window.ready = true;
