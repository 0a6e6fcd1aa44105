/**
 * Models of BERT's four ways of being fine-tuned, on the real core: the API against the fixtures of transformers, and the
 * screens `Answer`, `Classify` and `Tag`, for which no model comes with the page.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveHub } from './hub.mjs';
import { headNames, seededModel, unitsOf, valuesOf } from './seeded.mjs';
import {
  accessible,
  BLANK,
  box,
  button,
  cleanUp,
  element,
  examples,
  fragment,
  open,
  openSite,
  resultOf,
  results,
  servingPackages,
  settings,
  stateOf,
  status,
  tab,
} from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

const NAMES = headNames();
const MODELS = Object.fromEntries(NAMES.map((name) => [name, seededModel(name)]));
const idOf = (/** @type {string} */ name) => `acme/${name}`;

/** Elements and tests of the three screens. */
const SCREENS = /** @type {const} */ ([
  { task: 'answer', name: 'Answer', model: 'bert-qa', example: 'distilbert-base-cased-distilled-squad' },
  { task: 'classify', name: 'Classify', model: 'bert-sequence', example: 'sst-2-english' },
  { task: 'tag', name: 'Tag', model: 'bert-token', example: 'bert-base-NER' },
]);

/** What the screen Answer offers first. */
const OFFERED = 'distilbert/distilbert-base-cased-distilled-squad';

/** @type {import('./hub.mjs').Hub} */
let hub;
before(async () => {
  const models = NAMES.map((name) => [idOf(name), { files: MODELS[name].files }]);
  // As many positions as BERT has: the examples of the screens are no shorter than other people's texts.
  const wide = SCREENS.map(({ model }) => [`${idOf(model)}-wide`, { files: seededModel(model, 512).files }]);
  hub = await serveHub({
    ...Object.fromEntries([...models, ...wide]),
    [OFFERED]: { files: MODELS['distilbert-qa'].files },
  });
});
after(async () => {
  await hub.close();
  await cleanUp();
});

/** As f32 in another order of sums. @param {number} found @param {number} expected @param {string} what */
const near = (found, expected, what) =>
  assert.ok(Math.abs(found - expected) <= 1e-4, `${what}: ${found} instead of ${expected}`);

test('the weights are those of the fixtures', () => {
  for (const name of NAMES) {
    const { generator_check, seed, tensors } = MODELS[name].fixture;
    for (const { name: tensor, first } of generator_check) {
      const values = valuesOf(
        tensors.find((/** @type {{ name: string }} */ one) => one.name === tensor),
        seed,
      );
      // A bias may have fewer than the three values that are named.
      values.subarray(0, 3).forEach((value, at) => assert.equal(value, Math.fround(first[at])));
    }
  }
});

describe('the API gives what transformers gives', () => {
  /** @type {Awaited<ReturnType<typeof open>>} */
  let opened;
  /** @type {string} */
  let site;
  before(async () => {
    site = await servingPackages();
    opened = await open(`${site}${BLANK}`, { expected: /favicon|request to elsewhere/ });
  });
  after(() => opened.close());

  /**
   * Calls a pipeline of one model several times in the page.
   * @param {string} task @param {string} model @param {unknown[][]} calls the arguments of each @param {string} [method]
   * @returns {Promise<any[]>}
   */
  const ask = (task, model, calls, method = '') =>
    opened.page.evaluate(async ([site, host, task, model, calls, method]) => {
      const { pipeline, env } = await import(`${site}index.js`);
      env.remote_host = host;
      const pipe = await pipeline(task, model, { dtype: 'fp32' });
      const found = [];
      for (const args of calls) {
        const result = await (method ? pipe[method] : pipe)(...args);
        found.push(result.tolist ? { ...result, data: undefined, tolist: undefined, list: result.tolist() } : result);
      }
      pipe.dispose();
      return found;
    }, /** @type {const} */ ([site, hub.url, task, model, calls, method]));

  const withKey = (/** @type {string} */ key) => NAMES.filter((name) => key in MODELS[name].fixture);

  for (const name of withKey('cases')) {
    test(`answers: ${name}`, async () => {
      const { question, cases } = MODELS[name].fixture;
      const calls = cases.map((/** @type {any} */ { context, options }) => [question, context, options]);
      const found = await ask('question-answering', idOf(name), calls, 'predict');
      for (const [index, { context, answers, null_score }] of cases.entries()) {
        near(found[index].null_score, null_score, `null score of case ${index}`);
        assert.equal(found[index].answers.length, answers.length);
        for (const [at, expected] of answers.entries()) {
          const { answer, start, end, score } = found[index].answers[at];
          assert.equal(answer, expected.answer);
          assert.deepEqual([start, end], [unitsOf(context, expected.start), unitsOf(context, expected.end)]);
          assert.equal(context.slice(start, end), answer, 'offsets are those of JavaScript');
          near(score, expected.score, `score of ${answer}`);
        }
      }
      // The same by the call as transformers.js has it.
      const [one] = await ask('question-answering', idOf(name), [[question, cases[0].context]]);
      const { answers, null_score } = found[0];
      assert.deepEqual(one, { ...answers[0], null_score });
    });
  }

  for (const name of withKey('classification')) {
    test(`classes: ${name}`, async () => {
      const { classification } = MODELS[name].fixture;
      const asked = classification.flatMap((/** @type {any} */ { text, pair, scores }) =>
        Object.entries(scores).map(([how, expected]) => ({ text, pair, how, expected })),
      );
      const calls = asked.map((/** @type {any} */ { text, pair, how }) => [
        pair === null ? text : { text, text_pair: pair },
        { top_k: null, ...(how === 'default' ? {} : { function_to_apply: how }) },
      ]);
      const found = await ask('text-classification', idOf(name), calls);
      for (const [index, { expected, how, text }] of asked.entries()) {
        assert.deepEqual(
          found[index].map((/** @type {any} */ { label }) => label),
          expected.map((/** @type {any} */ { label }) => label),
        );
        expected.forEach((/** @type {any} */ { score }, /** @type {number} */ at) =>
          near(found[index][at].score, score, `${how} of “${text}”`),
        );
      }
    });
  }

  /** @param {any[]} found @param {any[]} expected @param {string} text */
  const sameEntities = (found, expected, text) => {
    const placed = expected.map((one) => ({ ...one, start: unitsOf(text, one.start), end: unitsOf(text, one.end) }));
    const without = (/** @type {any[]} */ list) => list.map(({ score: _, ...rest }) => rest);
    assert.deepEqual(without(found), without(placed));
    placed.forEach(({ score, word }, at) => near(found[at].score, score, `score of ${word}`));
  };

  for (const name of withKey('tagging')) {
    test(`tags: ${name}`, async () => {
      const { tagging, long, windows, others } = MODELS[name].fixture;
      const asked = [
        ...tagging.flatMap((/** @type {any} */ { text, entities }) =>
          Object.entries(entities).map(([aggregation_strategy, expected]) => [
            text,
            { aggregation_strategy },
            expected,
          ]),
        ),
        ...windows.map((/** @type {any} */ { strategy, stride, entities }) => [
          long,
          { aggregation_strategy: strategy, stride },
          entities,
        ]),
        [tagging[1].text, { aggregation_strategy: 'simple', ignore_labels: ['PER', 'LOC'] }, others],
      ];
      const found = await ask(
        'token-classification',
        idOf(name),
        asked.map(([text, options]) => [text, options]),
      );
      asked.forEach(([text, , expected], index) => sameEntities(found[index], expected, text));
    });
  }

  for (const name of withKey('embeddings')) {
    test(`vectors: ${name}`, async () => {
      const { embeddings, config } = MODELS[name].fixture;
      const width = config.hidden_size ?? config.n_embd;
      const texts = embeddings.map((/** @type {any} */ { text }) => text);
      const kinds = ['mean', 'cls', 'max'].flatMap((pooling) => [
        { key: pooling, options: { pooling } },
        { key: `${pooling}-normalized`, options: { pooling, normalize: true } },
      ]);
      const found = await ask('feature-extraction', idOf(name), [
        ...kinds.map(({ options }) => [texts, options]),
        ...texts.map((/** @type {string} */ text) => [text]),
      ]);
      const same = (/** @type {number[]} */ row, /** @type {number[]} */ expected, /** @type {string} */ what) => {
        assert.equal(row.length, expected.length, what);
        row.forEach((value, at) => near(value, expected[at], what));
      };
      kinds.forEach(({ key }, index) => {
        assert.deepEqual(found[index].dims, [texts.length, width]);
        found[index].list.forEach((/** @type {number[]} */ row, /** @type {number} */ at) =>
          same(row, embeddings[at][key], `${key} of “${texts[at]}”`),
        );
      });
      texts.forEach((/** @type {string} */ text, /** @type {number} */ at) => {
        const { list, dims, tokens } = found[kinds.length + at];
        same(list.flat(2), embeddings[at].tokens.flat(), `tokens of “${text}”`);
        assert.deepEqual([1, tokens[0].length, width], dims, 'a token for each vector');
        const places = tokens[0].filter((/** @type {any} */ { special }) => !special);
        assert.equal(places.at(-1).end, text.length, 'places are those of JavaScript');
      });
    });
  }

  test('a text of which the tokenizer leaves nothing is an empty one', async () => {
    await assert.rejects(ask('question-answering', 'acme/bert-qa', [['Who?', '\u200b']]), /The context is empty/);
  });

  test('a model without the head says which is missing and what it is good for', async () => {
    const refusals = await opened.page.evaluate(async ([site, host]) => {
      const { pipeline, env } = await import(`${site}index.js`);
      env.remote_host = host;
      /** @type {any[]} */
      const found = [];
      for (const [task, model] of [
        ['question-answering', undefined],
        ['question-answering', 'acme/bert-token'],
        ['token-classification', 'acme/bert-sequence'],
        ['text-classification', 'acme/bert-qa'],
        ['fill-mask', 'acme/bert-qa'],
        ['text-generation', 'acme/gpt2-sequence'],
      ])
        found.push(await pipeline(task, model).catch((/** @type {any} */ { code, message }) => ({ code, message })));
      return found;
    }, /** @type {const} */ ([site, hub.url]));
    assert.deepEqual(
      refusals.map(({ code }) => code),
      ['invalid_option', 'no_qa_head', 'no_tagging_head', 'no_classification_head', 'no_mlm_head', 'no_lm_head'],
    );
    assert.match(refusals[0].message, /fine-tuned.*distilbert-base-cased-distilled-squad/);
    assert.match(refusals[1].message, /question answering head.*good for token-classification and feature-extraction/);
    assert.match(refusals[5].message, /good for text-classification and feature-extraction/);
  });
});

/** @type {NonNullable<Parameters<typeof openSite>[1]>} */
const WITH_HUB = {
  expected: /request to elsewhere/,
  before: (page) =>
    page.addInitScript((url) => {
      // An empty page has no storage.
      if (location.protocol !== 'about:') localStorage.setItem('cloze-hub', url);
    }, hub.url),
};

/** What is asked of each screen, from its fixture, and what must come of it. */
const asked = {
  answer: () => {
    const { question, cases } = MODELS['bert-qa'].fixture;
    const { context, answers, null_score } = cases.find((/** @type {any} */ one) => one.options.top_k === 4);
    return { state: { question, context }, expected: { answers, null_score } };
  },
  classify: () => {
    const { text, pair, scores } = MODELS['bert-sequence'].fixture.classification.find(
      (/** @type {any} */ one) => one.pair !== null,
    );
    return { state: { text, text_pair: pair }, expected: { labels: scores.default } };
  },
  tag: () => {
    const { text, entities } = MODELS['bert-token'].fixture.tagging[1];
    return { state: { text }, expected: { entities: entities.simple } };
  },
};

const percent = (/** @type {number} */ score) => `${(100 * score).toFixed(1)}\u00a0%`;

/** Opens the site in full precision on a screen whose model is kept here. @param {Omit<typeof SCREENS[number], 'model'> & { model: string }} screen @param {object} [options] */
async function withModel({ task, name, model }, options = {}) {
  const opened = await openSite('task=models', { ...WITH_HUB, ...options });
  const { page } = opened;
  await page.goto(`${page.url().split('#')[0]}?dtype=fp32#task=models`);
  await box(page, 'Model').fill(idOf(model));
  await button(page, 'Load').click();
  await page.getByText(new RegExp(`Now used by .*${name}`)).waitFor();
  await button(page, `Open ${name}`).click();
  await page.getByRole('tabpanel', { name, exact: true }).waitFor();
  return { ...opened, state: asked[task]().state };
}

/** @param {Page} page @param {typeof SCREENS[number]} screen */
async function run(page, { task, name }) {
  const { state } = asked[task]();
  await element(page, task).evaluate(
    (node, given) => Object.assign(/** @type {any} */ (node), { state: given }),
    state,
  );
  return resultOf(page, task, () => button(page, name).click());
}

for (const screen of SCREENS) {
  const { task, name, model, example } = screen;
  describe(name, () => {
    test('its tab does not show at first; More leads to it, and an invitation stands there', async () => {
      const { page, close } = await openSite('');
      assert.equal(await tab(page, name).count(), 0);
      await page.locator('summary', { hasText: 'More' }).click();
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('tabpanel', { name, exact: true }).waitFor();
      assert.equal(await page.locator('#more').getAttribute('open'), null, 'the list is folded again');
      assert.equal(await page.evaluate(() => document.activeElement?.id), `tab-${task}`, 'the focus goes with it');
      const invitation = page.getByRole('group', { name: 'A model for this screen' });
      assert.match(await invitation.innerText(), new RegExp(`${example}, \\d{3} MB`));
      assert.equal(await page.getByRole('button', { name: 'Retry' }).count(), 0, 'nothing has failed');
      await button(page, name).click();
      await page.getByRole('alert').filter({ hasText: 'no model yet' }).waitFor();
      assert.match(
        await element(page, task).evaluate((node) => node.shadowRoot?.activeElement?.textContent ?? ''),
        /Load/,
        'the focus goes to what can be done',
      );
      await close();
    });

    test('a model from a hub is loaded, opens the screen, and answers as transformers does', async () => {
      const { page, close } = await withModel(screen);
      const found = await run(page, screen);
      const { expected } = asked[task]();
      const shown = await results(page).innerText();
      if ('answers' in expected) {
        assert.equal(found.answers.length, 4);
        expected.answers.forEach((/** @type {any} */ one, /** @type {number} */ at) => {
          assert.equal(found.answers[at].answer, one.answer);
          near(found.answers[at].score, one.score, one.answer);
          assert.ok(shown.includes(percent(one.score)), `${percent(one.score)} is shown`);
        });
        assert.ok(shown.includes(percent(expected.null_score)), 'the null answer’s score is shown');
        const marked = results(page).locator('mark');
        assert.equal(await marked.innerText(), expected.answers[0].answer);
        await results(page).getByRole('button', { name: expected.answers[1].answer }).first().click();
        assert.equal(await marked.innerText(), expected.answers[1].answer);
      } else if ('labels' in expected) {
        assert.equal(await results(page).locator('#best').innerText(), expected.labels[0].label);
        expected.labels.forEach((/** @type {any} */ { label, score }, /** @type {number} */ at) => {
          assert.equal(found.labels[at].label, label);
          near(found.labels[at].score, score, label);
          assert.ok(shown.includes(percent(score)), `${percent(score)} is shown`);
        });
      } else {
        const { text } = asked.tag().state;
        const marks = await results(page).locator('mark > bdi').allInnerTexts();
        const places = expected.entities.map((/** @type {any} */ one) => [
          unitsOf(text, one.start),
          unitsOf(text, one.end),
        ]);
        assert.deepEqual(
          marks,
          places.map((/** @type {number[]} */ [start, end]) => text.slice(start, end)),
        );
        assert.deepEqual(
          found.entities.map((/** @type {any} */ one) => [one.entity_group, one.start, one.end]),
          expected.entities.map((/** @type {any} */ one, /** @type {number} */ at) => [
            one.entity_group,
            ...places[at],
          ]),
        );
        expected.entities.forEach((/** @type {any} */ { score, word }, /** @type {number} */ at) => {
          near(found.entities[at].score, score, word);
          assert.ok(shown.includes(percent(score)), `${percent(score)} is shown`);
        });
      }
      await close();
    });

    test('by keyboard alone; a link reproduces the screen with its result', async () => {
      const { page, close, state } = await withModel(screen, { permissions: ['clipboard-read', 'clipboard-write'] });
      for (const [label, text] of Object.entries({
        ...('question' in state ? { Question: state.question, Context: state.context } : { Text: state.text }),
        ...('text_pair' in state ? { 'Second text': state.text_pair } : {}),
      })) {
        await box(page, label).focus();
        await page.keyboard.press('Control+a');
        await page.keyboard.insertText(text);
      }
      await resultOf(page, task, () => page.keyboard.press('Control+Enter'));
      assert.notEqual((await status(page).innerText()).trim(), '', 'the live region says what happened');
      const said = await results(page).getByRole('table').first().innerText();
      await button(page, 'Share link').click();
      await status(page)
        .filter({ hasText: /copied/i })
        .waitFor();
      const link = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(link, new RegExp(`#task=${task}&model=acme%2F${model}&`));
      const before = await stateOf(page, task);
      for (const [key, value] of Object.entries(state)) assert.equal(before[key], value, key);
      await page.goto('about:blank');
      await page.goto(link);
      await results(page).getByRole('table').first().waitFor();
      assert.equal(await results(page).getByRole('table').first().innerText(), said);
      assert.deepEqual(await stateOf(page, task), before);
      await close();
    });

    test('a model of another kind is refused in words', async () => {
      const { page, close } = await openSite(fragment({ task, model: idOf('gpt2-sequence') }), WITH_HUB);
      const wrong = task === 'classify' ? 'bert-qa' : 'gpt2-sequence';
      await page.evaluate((hash) => void (location.hash = hash), fragment({ task, model: idOf(wrong) }));
      await button(page, 'Fetch it').click();
      await page.getByRole('alert').filter({ hasText: 'which this' }).waitFor();
      assert.match(await page.getByRole('alert').filter({ hasText: 'which this' }).innerText(), /It is good for /);
      await close();
    });

    for (const [width, colorScheme] of /** @type {const} */ ([
      [1280, 'light'],
      [360, 'dark'],
    ])) {
      test(`${width} px, ${colorScheme}: axe-core finds nothing, without a model and with a result`, async () => {
        const options = { viewport: { width, height: 800 }, colorScheme };
        const empty = await openSite(fragment({ task }), options);
        await box(empty.page, task === 'answer' ? 'Question' : 'Text').waitFor();
        await accessible(empty.page, `${name}, empty`);
        await empty.close();
        const { page, close } = await withModel(screen, options);
        await run(page, screen);
        await settings(page).click();
        await accessible(page, `${name}, ${colorScheme}`);
        const [scroll, client] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert.ok(scroll <= client, `${scroll} px in ${client} px`);
        await close();
      });
    }

    test('every example answers', async () => {
      const { page, close } = await withModel({ ...screen, model: `${model}-wide` });
      const count = await examples(page).count();
      assert.ok(count >= 3, `${count} examples`);
      for (let index = 0; index < count; index += 1)
        await resultOf(page, task, () => examples(page).nth(index).click());
      await close();
    });
  });
}

describe('an offer', () => {
  const { question, cases } = MODELS['distilbert-qa'].fixture;
  const { context, answers } = cases[0];

  test('is taken with a click: the model is fetched from the hub, and answers', async () => {
    const { page, close } = await openSite(fragment({ task: 'answer', question, context, top_k: 1 }), WITH_HUB);
    await button(page, /^Load distilbert-base-cased-distilled-squad/).click();
    await page.getByText('The model is ready.').waitFor();
    assert.match(page.url(), /model=distilbert%2Fdistilbert-base-cased-distilled-squad/);
    const found = await resultOf(page, 'answer', () => button(page, 'Answer').click());
    assert.equal(found.answers[0].answer, answers[0].answer);
    assert.equal(await page.getByRole('group', { name: 'A model for this screen' }).count(), 0);
    await close();
  });

  test('is taken on any page that has the element', async () => {
    const site = await servingPackages();
    const { page, close } = await open(`${site}${BLANK}`, { expected: /favicon|request to elsewhere/ });
    await page.evaluate(
      async ([site, host, state]) => {
        const [{ env }] = await Promise.all([import(`${site}index.js`), import(`${site}elements.js`)]);
        env.remote_host = host;
        const screen = /** @type {any} */ (document.createElement('cloze-answer'));
        screen.dtype = 'fp32';
        screen.state = state;
        document.body.replaceChildren(screen);
      },
      /** @type {const} */ ([site, hub.url, { question, context, top_k: 1 }]),
    );
    assert.equal(await page.getByRole('link', { name: 'Models' }).count(), 0, 'there is no such screen here');
    await button(page, /^Load distilbert-base-cased-distilled-squad/).click();
    await page.getByText('The model is ready.').waitFor();
    const found = await resultOf(page, 'answer', () => button(page, 'Answer').click());
    near(found.answers[0].score, answers[0].score, answers[0].answer);
    await close();
  });
});

test('a text that runs from right to left is shown so, and what a model has read is not presumed', async () => {
  const { page, close } = await withModel({ ...SCREENS[0], model: 'bert-qa-wide' });
  await box(page, 'Question').fill('איפה הכלב?');
  await box(page, 'Context').fill('הכלב רץ בגן 12 ימים, והחתול ישן בבית.');
  await resultOf(page, 'answer', () => button(page, 'Answer').click());
  const text = results(page).getByRole('group', { name: 'In the text' });
  assert.equal(await text.evaluate((node) => getComputedStyle(node).direction), 'rtl');
  assert.equal(await page.getByText('English alone').count(), 0);
  await close();
});

test('where there is no model, nothing is said of what one has read', async () => {
  const { page, close } = await openSite(
    fragment({ task: 'answer', question: 'Где собака?', context: 'Собака дома.' }),
  );
  await page.getByRole('group', { name: 'A model for this screen' }).waitFor();
  assert.equal(await page.getByText('English alone').count(), 0);
  await close();
});

test('other aggregations are a click away', async () => {
  const { page, close } = await withModel(SCREENS[2]);
  await run(page, SCREENS[2]);
  await settings(page).click();
  const { text, entities } = MODELS['bert-token'].fixture.tagging[1];
  const found = await resultOf(page, 'tag', () => page.getByRole('radio', { name: /^None/ }).check());
  assert.deepEqual(
    found.entities.map((/** @type {any} */ one) => [one.entity, one.start, one.end]),
    entities.none.map((/** @type {any} */ one) => [one.entity, unitsOf(text, one.start), unitsOf(text, one.end)]),
  );
  await close();
});
