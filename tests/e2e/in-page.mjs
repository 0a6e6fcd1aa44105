/** Functions that run in a page of the site, whatever drives it: each stands by itself. */

/**
 * Runs in the page: the screen's first example is run. What it says (but for times, seeds and the build), what shows, and on which build.
 * @param {string} task
 */
export async function answered(task) {
  await customElements.whenDefined(`cloze-${task}`);
  const element = /** @type {any} */ (document.querySelector(`cloze-${task}`));
  await element.updateComplete;
  const outcome = new Promise((resolve, reject) => {
    element.addEventListener('cloze-result', (/** @type {CustomEvent} */ { detail }) => resolve(detail), {
      once: true,
    });
    element.addEventListener('cloze-error', (/** @type {CustomEvent} */ { detail }) => reject(detail), { once: true });
  });
  void element.run();
  const said = JSON.stringify(await outcome, (key, value) =>
    /(^|_)ms$|per_second$|^(seed|runtime)$/u.test(key) ? undefined : value,
  );
  await element.updateComplete;
  const shown = element.shadowRoot.querySelector('[part~=results]').innerText;
  const fact = (/** @type {string} */ name) => document.querySelector(`#fact-${name}`)?.textContent ?? '';
  return { said, shown, build: fact('build'), threads: fact('threads') };
}

/** Runs in the page: some steps of a small GPT on a text of the page's. What it learnt, and whether it is kept or why not. @param {string} text */
export async function trained(text) {
  /** @type {(what: () => any) => Promise<any>} */
  const until = async (what) => {
    for (;;) {
      const found = what();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const view = await until(() =>
    document.querySelector('cloze-train')?.shadowRoot?.querySelector('cloze-train-scratch'),
  );
  (await until(() => view.shadowRoot.querySelector(`[data-text=${text}]`))).click();
  await until(() => view.text.length > 100_000);
  const named = (/** @type {string} */ name) =>
    [...view.shadowRoot.querySelectorAll('button')].find((one) => one.textContent.trim() === name && !one.disabled);
  (await until(() => named('Start'))).click();
  const run = await until(() => view.runs.current?.run);
  await until(() => ['over', 'failed'].includes(run.state));
  const failed = await run.save().then(
    () => false,
    () => true,
  );
  const unsaved = () => view.shadowRoot.querySelector('[data-unsaved]')?.textContent;
  const kept = failed ? await until(unsaved) : (unsaved() ?? 'kept');
  return { state: run.state, kept, losses: run.history.steps.map((/** @type {any} */ { loss }) => loss) };
}
