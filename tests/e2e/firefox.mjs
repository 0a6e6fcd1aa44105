/**
 * Firefox by the protocol that it speaks itself, WebDriver BiDi: as much of it as opening pages and running scripts in them
 * takes. Playwright drives only Firefoxes of its own, or ones that are newer than Debian's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { LONG } from './support.mjs';

/** A fresh profile that asks nothing, tells nothing to anybody, and whose requests to other machines all fail. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.systemAddon.update.enabled': false,
  'intl.accept_languages': 'en',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.type': 1,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

/** Firefox's program, and why it cannot be used if it cannot. */
export function findFirefox() {
  const tried = process.env.FIREFOX ? [process.env.FIREFOX] : ['firefox-esr', 'firefox'];
  for (const program of tried) {
    const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    const version = Number(/Firefox (\d+)/u.exec(stdout ?? '')?.[1]);
    if (version >= 128) return { program };
  }
  return {
    missing: `there is no Firefox of version 128 or newer (tried ${tried.join(', ')}): apt-get install firefox-esr`,
  };
}

/** What it says of itself and of its pages. */
export class Firefox {
  /** Errors and warnings of the console, and errors that nobody caught, since the last page was opened. @type {string[]} */
  troubles = [];
  #lastId = 0;
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  #calls = new Map();
  /** @type {string} */
  #tab = '';
  /** @type {WebSocket} */
  #socket;
  /** @type {() => Promise<void>} */
  close;

  /** @param {WebSocket} socket @param {() => Promise<void>} close */
  constructor(socket, close) {
    this.#socket = socket;
    this.close = close;
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))));
    socket.on('close', () => {
      for (const { reject } of this.#calls.values()) reject(new Error('Firefox ended'));
    });
  }

  /** Starts one. @param {string} program */
  static async launch(program) {
    const profile = mkdtempSync(join(tmpdir(), 'cloze-firefox-'));
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    writeFileSync(join(profile, 'user.js'), lines.join(''));
    const child = spawn(program, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const close = async () => {
      child.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    };
    try {
      const address = await addressOf(child);
      const socket = new WebSocket(`${address}/session`, { perMessageDeflate: false });
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      const firefox = new Firefox(socket, close);
      await firefox.#send('session.new', { capabilities: {} });
      await firefox.#send('session.subscribe', { events: ['log.entryAdded'] });
      firefox.#tab = (await firefox.#send('browsingContext.create', { type: 'tab' })).context;
      return firefox;
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Opens a page in its one tab. @param {string} url */
  async open(url) {
    // An address that differs in its fragment alone is no new page.
    await this.#send('browsingContext.navigate', { context: this.#tab, url: 'about:blank', wait: 'complete' });
    this.troubles = [];
    await this.#send('browsingContext.navigate', { context: this.#tab, url, wait: 'complete' });
  }

  /**
   * What a function says in the page; it and its argument are sent as text.
   * @template A, R
   * @param {(argument: A) => R | Promise<R>} work
   * @param {A} argument
   * @returns {Promise<R>}
   */
  async evaluate(work, argument) {
    const said = await this.#send('script.callFunction', {
      functionDeclaration: `async (argument) => JSON.stringify((await (${work})(JSON.parse(argument))) ?? null)`,
      arguments: [{ type: 'string', value: JSON.stringify(argument ?? null) }],
      awaitPromise: true,
      target: { context: this.#tab },
    });
    if (said.type === 'exception') throw new Error(`in Firefox: ${said.exceptionDetails.text}`);
    return JSON.parse(said.result.value);
  }

  /** @param {string} method @param {object} params @returns {Promise<any>} */
  #send(method, params) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** @param {any} message */
  #hear({ id, type, method, params, result, error, message }) {
    if (method === 'log.entryAdded') {
      const { level, text, source, stackTrace } = params;
      const [frame] = stackTrace?.callFrames ?? [];
      if (['error', 'warn'].includes(level) && source.context === this.#tab)
        this.troubles.push(`${level}: ${text} (${frame?.url ?? ''}:${frame?.lineNumber ?? ''})`);
      return;
    }
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (type === 'error') call?.reject(new Error(`${error}: ${message}`));
    else call?.resolve(result);
  }
}

/** Where it listens. @param {import('node:child_process').ChildProcess} child @returns {Promise<string>} */
function addressOf(child) {
  let said = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Firefox does not listen: ${said}`)), LONG);
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      said += text;
      const [, address] = /WebDriver BiDi listening on (ws:\S+)/u.exec(said) ?? [];
      if (address === undefined) return;
      clearTimeout(late);
      resolve(address);
    });
    child.once('error', reject).once('exit', () => reject(new Error(`Firefox ended: ${said}`)));
  });
}
