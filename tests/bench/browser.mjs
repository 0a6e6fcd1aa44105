/** Chromium for one measurement at a time. */
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** How Chromium is started, for playwright. */
export const BROWSER = {
  executablePath: process.env['CHROME'] ?? '/usr/bin/chromium',
  // The peers start their workers from blobs, which the playground's policy forbids.
  bypassCSP: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** @param {number} pid @param {string} file */
function proc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
}

/** Whether this process started it, perhaps through others. @param {number} pid */
function descends(pid) {
  for (let at = pid; at > 1;) {
    if (at === process.pid) return true;
    at = Number(/PPid:\s+(\d+)/.exec(proc(at, 'status'))?.[1] ?? 0);
  }
  return false;
}

/**
 * Resident size of the largest of our renderers, MiB (Linux only): what it is, or the highest so far. The browser's own code and
 * what every page has are part of it.
 * @param {'now' | 'peak'} when
 */
export function rendererMemory(when) {
  const pattern = { now: /VmRSS:\s+(\d+)/, peak: /VmHWM:\s+(\d+)/ }[when];
  const sizes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => proc(pid, 'cmdline').includes('--type=renderer') && descends(pid))
    .map((pid) => Number(pattern.exec(proc(pid, 'status'))?.[1] ?? 0) / 1024);
  return Math.max(0, ...sizes);
}

/**
 * Does `work` while another process keeps a core busy.
 * @template T
 * @param {() => Promise<T>} work
 */
export async function besideBusyProcess(work) {
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    return await work();
  } finally {
    busy.kill('SIGKILL');
  }
}

/**
 * Runs `work` in the only page of a browser of its own.
 * @template T
 * @param {string} profile folder whose caches outlive the browser
 * @param {string} url
 * @param {(page: import('playwright-core').Page) => Promise<T>} work
 */
export async function inFreshBrowser(profile, url, work) {
  // Not a private window: those keep what they cache in memory.
  const browser = await chromium.launchPersistentContext(profile, BROWSER);
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    page.on('pageerror', (error) => console.error(error));
    if (process.env['BENCH_DEBUG']) page.on('console', (message) => console.error(message.text()));
    await page.goto(url);
    await page.waitForFunction('window.ready');
    return await work(page);
  } finally {
    await browser.close();
  }
}
