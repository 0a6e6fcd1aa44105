/** Fetches the peers and makes their models, once: all of it in target/bench. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is compared with. */
export const PACKAGES = {
  '@huggingface/transformers': '4.3.1',
  '@wllama/wllama': '3.8.1',
  '@wllama/wllama-compat': '3.8.1',
};

/** @param {string} command @param {string[]} args */
const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 2, 2] });

/** Packages of npm in a folder of their own, once. @param {string} folder @param {Record<string, string>} packages names and versions */
export function installPackages(folder, packages) {
  const installed = (/** @type {string} */ name) => {
    const file = join(folder, 'node_modules', name, 'package.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
  };
  if (Object.entries(packages).every(([name, version]) => installed(name) === version)) return;
  console.error(`Fetching ${Object.keys(packages).join(', ')} from npm`);
  mkdirSync(folder, { recursive: true });
  // Without scripts: they fetch Node's native libraries, which the browser has no use for.
  const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', ...names]);
}

/** A Python with the requirements; `BENCH_PYTHON` names another one that has them. @param {string} root @param {string} folder */
function python(root, folder) {
  const given = process.env['BENCH_PYTHON'];
  if (given) return given;
  console.error(
    'Fetching PyTorch, ONNX Runtime and gguf from PyPI for the models (some gigabytes; BENCH_PYTHON names a Python that has them)',
  );
  run('python3', ['-m', 'venv', folder]);
  const bin = join(folder, 'bin/python');
  run(bin, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    join(root, 'tests/bench/requirements.txt'),
  ]);
  return bin;
}

/**
 * @typedef {object} Expected what PyTorch makes of the random weights
 * @property {{ prompt: string, ids: number[], margins: number[], texts: string[] }} gpt2 `margins`: how far each token is ahead of the next best
 * @property {{ text: string, token: number, margin: number }} bert
 *
 * @param {string} root repository
 * @param {string} bench where the random weights are
 * @returns {Expected}
 */
export function preparePeers(root, bench) {
  const folder = join(bench, 'peers');
  installPackages(folder, PACKAGES);
  const models = join(folder, 'models');
  const expected = join(models, 'expected.json');
  if (!existsSync(expected)) {
    const bin = python(root, join(bench, 'venv'));
    console.error('Making the ONNX and GGUF files (a minute, once)');
    mkdirSync(models, { recursive: true });
    run(bin, [join(root, 'tests/bench/peer_models.py'), bench, models]);
  }
  return JSON.parse(readFileSync(expected, 'utf8'));
}
