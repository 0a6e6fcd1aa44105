/** The lessons: the question before and after, steps that are ticked or noticed, answers as files; the teacher's page. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { accessible, box, button, cleanUp, open, openSite, site, status, tab, until } from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

const LESSONS = 'task=train&view=lessons';
const QUESTION = /The capital of France is the Emerald City/;
const heading = (/** @type {Page} */ page, /** @type {string | RegExp} */ name) => page.getByRole('heading', { name });
const answerBox = (/** @type {Page} */ page) => box(page, 'Your answer');
/** @param {Page} page @param {string} text @param {RegExp} cause */
async function answer(page, text, cause) {
  await answerBox(page).fill(text);
  await page.getByRole('radio', { name: cause }).check();
  await button(page, 'Keep this answer').click();
}
/** Nothing stands beyond the edge. @param {Page} page */
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
/** The text of a file that a click hands out. @param {Page} page @param {string} name */
async function downloaded(page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), button(page, name).click()]);
  return readFile(await file.path(), 'utf8');
}

describe('lessons', () => {
  test('the question comes first; what is nearest is asked once something is typed', async () => {
    const { page, close } = await openSite(LESSONS);
    await heading(page, 'GPT: what comes next').waitFor();
    await page.getByText(QUESTION).waitFor();
    assert.equal(await page.getByRole('radio', { name: /What it learnt from/ }).count(), 0);
    assert.equal(await heading(page, 'Steps').count(), 0);
    await button(page, 'Keep this answer').click();
    await page.getByText('Write something first').waitFor();
    assert.equal(await answerBox(page).getAttribute('aria-invalid'), 'true');
    await answerBox(page).fill('It thinks so.');
    await button(page, 'Keep this answer').click();
    await page.getByText('Choose which one is nearest.').waitFor();
    await accessible(page, 'the question of a lesson');
    await close();
  });

  test('answers are kept over a reload, stand side by side, and are handed out as files', async () => {
    const { page, close } = await openSite(LESSONS);
    await answer(page, 'It is lying, "again".', /lied/);
    await heading(page, 'Steps').waitFor();
    await status(page).filter({ hasText: 'kept on this device' }).waitFor();
    assert.equal(
      await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.shadowRoot?.activeElement?.id),
      'steps',
    );
    await page.getByRole('checkbox', { name: 'Done: Out of noise' }).check();
    await page.reload();
    await page.getByText('It is lying, "again".').first().waitFor();
    assert.ok(await page.getByRole('checkbox', { name: 'Done: Out of noise' }).isChecked());
    await page.getByText('You have done 1 of 5 steps.').waitFor();
    await answer(page, 'Paris was not in its text.', /What it learnt from/);
    await page.getByText('You explain it otherwise now than before.').waitFor();
    await accessible(page, 'both answers');

    await box(page, 'Name or code for the teacher, if one was agreed').fill('B12');
    const csv = await downloaded(page, 'Download as a table (CSV)');
    const [head, ...rows] = csv.replace('\ufeff', '').trim().split('\r\n');
    assert.equal(head, 'code,lesson,when,question,answer,cause,time,steps done');
    assert.match(rows[0] ?? '', /^B12,gpt,before,.*,"It is lying, ""again""\.",person,\d{4}-/);
    assert.match(rows[1] ?? '', /^B12,gpt,after,.*,Paris was not in its text\.,data,\d{4}-.*,1$/);
    const json = JSON.parse(await downloaded(page, 'Download as JSON'));
    assert.deepEqual(
      json.answers.map((/** @type {any} */ one) => [one.lesson, one.when, one.cause]),
      [
        ['gpt', 'before', 'person'],
        ['gpt', 'after', 'data'],
      ],
    );
    assert.match(json.questions.gpt, QUESTION);

    await button(page, 'Delete all answers').click();
    await button(page, 'Yes, delete').click();
    await page.getByText('No answers yet.').waitFor();
    await page.reload();
    await page.getByText('No answers yet.').waitFor();
    assert.equal(
      await page.evaluate(() => JSON.parse(localStorage.getItem('cloze-lessons') ?? '{}').answers?.length),
      0,
    );
    await close();
  });

  test('a lesson is a link; a step stands above the view where it is done, and leads back', async () => {
    const { page, close } = await openSite(`${LESSONS}&set=lesson-bert`);
    await heading(page, 'BERT: filling gaps').waitFor();
    await button(page, 'Begin without it').click();
    await button(page, 'Set it up: Another text').click();
    await heading(page, 'Another text').waitFor();
    await until('the settings of the step are in the address', async () =>
      /architecture-bert.*text-countries/u.test(page.url()),
    );
    await page.getByText('BERT: filling gaps, step 4 of 5').waitFor();
    await accessible(page, 'a step above its view');
    await button(page, 'Next step').click();
    await heading(page, 'What went wrong').waitFor();
    await button(page, 'To the lesson').click();
    await heading(page, 'BERT: filling gaps').waitFor();
    await until('the lesson is in the address again', async () => page.url().includes('set=lesson-bert'));
    assert.ok(await page.getByRole('checkbox', { name: 'Done: Another text' }).isChecked());
    await page.getByRole('radio', { name: /Fine-tuning/ }).check();
    await until('the lesson is in the address', async () => page.url().includes('lesson-fine-tuning'));
    await close();
  });

  test('all of it works with the keyboard', async () => {
    const { page, close } = await openSite(LESSONS);
    await page.getByRole('radio', { name: /GPT: what comes next/ }).focus();
    await page.keyboard.press('ArrowDown');
    await heading(page, 'BERT: filling gaps').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('Because of its book.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await heading(page, 'Steps').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await until('the step is ticked', () =>
      page.getByRole('checkbox', { name: 'Done: What is predicted' }).isChecked(),
    );
    await close();
  });

  for (const colorScheme of /** @type {const} */ (['light', 'dark']))
    test(`nothing is cut off on a phone, ${colorScheme}`, async () => {
      const { page, close } = await openSite(LESSONS, { viewport: { width: 360, height: 740 }, colorScheme });
      await answer(page, 'A word that is longer than the screen: '.padEnd(200, 'x'), /I do not know/);
      await heading(page, 'Steps').waitFor();
      assert.ok(await fits(page));
      await accessible(page, `lessons on a phone, ${colorScheme}`);
      await button(page, 'Go there: Out of noise').click();
      await page.getByText('GPT: what comes next, step 2 of 5').waitFor();
      assert.ok(await fits(page));
      await close();
    });

  test('where the browser keeps nothing, it says so and goes on', async () => {
    const { page, close } = await openSite(LESSONS, {
      before: (fresh) =>
        fresh.addInitScript(() => {
          const { getItem } = Storage.prototype;
          Storage.prototype.getItem = function (/** @type {string} */ key) {
            if (key === 'cloze-lessons') throw new DOMException('no', 'SecurityError');
            return getItem.call(this, key);
          };
          Storage.prototype.setItem = () => {
            throw new DOMException('no', 'QuotaExceededError');
          };
        }),
    });
    await page.getByText('This browser keeps nothing for the page').waitFor();
    await answer(page, 'Because.', /I do not know/);
    await heading(page, 'Steps').waitFor();
    assert.match(await downloaded(page, 'Download as a table (CSV)'), /Because\./);
    await close();
  });
});

describe('a step is noticed by the run', () => {
  test('a run that has begun ticks the first step', async () => {
    const { page, close } = await openSite(LESSONS);
    await button(page, 'Begin without it').click();
    await button(page, 'Set it up: What is predicted').click();
    await page.getByText('GPT: what comes next, step 1 of 5').waitFor();
    await button(page, /^Take the text of the link/).click();
    await status(page).filter({ hasText: 'is here' }).waitFor();
    await button(page, 'Start').click();
    await heading(page, /What is predicted.*Done/).waitFor();
    await button(page, 'Pause').click();
    await button(page, 'To the lesson').click();
    assert.ok(await page.getByRole('checkbox', { name: 'Done: What is predicted' }).isChecked());
    await page.getByText('Your run', { exact: true }).waitFor();
    await close();
  });
});

describe('the teacher’s page', () => {
  test('has each lesson with its steps, fits a phone, and needs no script', async () => {
    const at = `${await site()}teachers.html`;
    for (const options of [{}, { viewport: { width: 360, height: 740 }, colorScheme: /** @type {const} */ ('dark') }]) {
      const { page, close } = await open(at, options);
      assert.equal(await page.locator('table.steps').count(), 6);
      assert.equal(await page.locator('table.steps tbody tr').count(), 30);
      assert.ok(await fits(page));
      await accessible(page, 'the teacher’s page');
      await close();
    }
    const { page, close } = await open(at, { javaScriptEnabled: false });
    await page.getByText('A good answer.').first().waitFor();
    await close();
  });

  test('leads to a lesson, and the playground leads to it', async () => {
    const { page, close } = await openSite('');
    await page.getByRole('link', { name: 'For teachers' }).click();
    await page.getByRole('link', { name: 'Open this lesson' }).nth(2).click();
    await heading(page, 'ELMo: a word in its sentence').waitFor();
    assert.equal(await tab(page, 'Train').getAttribute('aria-selected'), 'true');
    await close();
  });
});
