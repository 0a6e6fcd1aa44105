/** What `cargo xtask bundle` packs: unpacked and started as in a classroom, with no network but this machine's own. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { unzipSync } from 'fflate';
import { PROGRAM } from '../server/client.mjs';
import { button, cleanUp, DIST, open, resultOf, until } from './support.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cloze-bundle-'));
const zip = join(folder, 'cloze.zip');
execFileSync(PROGRAM, ['bundle', '--folder', DIST, '--without-smollm2', '--out', zip]);
for (const [name, content] of Object.entries(unzipSync(readFileSync(zip)))) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
rmSync(zip);

/** Notes the address instead of showing it. */
const browser = join(folder, 'browser.sh');
writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > '${folder}/opened'\n`, { mode: 0o755 });

after(async () => {
  await cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

/** The status of what is asked for exactly so. @param {string} address @param {string} path @returns {Promise<number | undefined>} */
const statusOf = (address, path) =>
  new Promise((resolve, reject) => {
    request(address, { path, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });

for (const program of ['python3', 'perl'])
  test(
    `the starter opens the browser, and a mask is filled (${program})`,
    { skip: spawnSync(program, ['--version']).error && `${program} is not here` },
    async () => {
      rmSync(join(folder, 'opened'), { force: true });
      const starter = spawn('sh', [join(folder, 'cloze/start-on-linux.sh')], {
        // Any port that is free.
        env: { PATH: process.env['PATH'], BROWSER: browser, CLOZE_PORT: '0', CLOZE_WITH: program },
        stdio: ['ignore', 'inherit', 'inherit'],
        detached: true,
      });
      try {
        await until('the browser is opened', async () => existsSync(join(folder, 'opened')));
        const address = await until('its address', async () => readFileSync(join(folder, 'opened'), 'utf8'));
        assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
        const { page, close } = await open(address);
        const { masks } = await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
        assert.ok(masks[0].candidates.length > 0);
        assert.ok(await page.evaluate(() => crossOriginIsolated));
        await page.goto(`${address}docs/index.html`);
        await page.getByRole('heading', { name: 'Documentation', level: 1 }).waitFor();
        await close();
        assert.equal(await statusOf(address, '/docs/'), 200);
        for (const path of ['/none.js', '/../serve/serve.py', '/%2e%2e/serve/serve.py', '/docs/%2e./../serve/serve.py'])
          assert.notEqual(await statusOf(address, path), 200, path);
      } finally {
        process.kill(-(starter.pid ?? 0));
      }
    },
  );
