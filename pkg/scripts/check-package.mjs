// What publint and arethetypeswrong say of the packages as npm packs them: they have to say nothing. The packages are modules
// only, so arethetypeswrong is not asked about CommonJS.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'cloze-packed-'));
let silent = true;
try {
  for (const folder of ['pkg', 'models']) {
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', place];
    const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: join(root, folder), encoding: 'utf8' }));
    check('publint', ['run', join(place, filename), '--strict'], ({ stdout }) => stdout.includes('All good!'));
    const types = [join(place, filename), '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
    // A table of data, which is no module.
    check('attw', [...types, '--exclude-entrypoints', './custom-elements.json'], ({ status }) => status === 0);
  }
} finally {
  rmSync(place, { recursive: true });
}
process.exitCode = silent ? 0 : 1;

/** @param {string} tool @param {string[]} words @param {(ran: { status: number | null, stdout: string }) => boolean} passed */
function check(tool, words, passed) {
  const ran = spawnSync(join(root, 'node_modules/.bin', tool), words, { encoding: 'utf8' });
  if (passed(ran)) return;
  silent = false;
  console.error(`${tool}:\n${ran.stdout}${ran.stderr}`);
}
