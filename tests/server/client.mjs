/**
 * Servers for tests: a process of `xtask serve-tests`, the one HTTP server of this repository, told what to serve. It serves
 * folders by itself; for everything else it asks what to answer, so that a test decides with a function of its own.
 * xtask/src/server/control.rs says how the two talk.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Server
 * @property {string} url with a slash at the end
 * @property {() => Promise<void>} close breaks all connections; the port is free afterwards
 *
 * @typedef {object} AskingMore
 * @property {(reachable: boolean) => void} setReachable whether it answers at all; if not, open connections break
 * @typedef {Server & AskingMore} AskingServer
 *
 * @typedef {object} Asked a request
 * @property {string} method
 * @property {string} target the path with its query, as it was sent
 * @property {Record<string, string>} headers by names in lower case
 * @property {number} sent bytes of the body that went out, or are about to
 * @property {Promise<boolean>} ended whether all of the answer went out: false where it was cut, or the client left
 *
 * @typedef {string | Uint8Array | { zeros: number } | { file: string }} Part a text, bytes, as many zeros, or a file's content
 *
 * @typedef {object} Reply
 * @property {number} [status]
 * @property {Record<string, string | number>} [headers] a `content-length` is sent as it is; else it is the body's
 * @property {Part | Part[]} [body]
 * @property {boolean} [ranges] a range that is asked for is given, if `If-Range` is not of another `ETag` than that of the headers
 * @property {number} [cut] ends the connection after so many bytes of the body
 * @property {number} [rate] bytes per second
 * @property {{ at: number, until: Promise<unknown> }} [hold] waits after some bytes of the body
 *
 * @typedef {(asked: Asked) => Reply | undefined | Promise<Reply | undefined>} Decide nothing: it is never answered
 */

/**
 * @template T
 * @typedef {{ promise: Promise<T>, resolve: (value: T) => void, reject: (error: Error) => void }} Deferred
 */

/** xtask, which has the one server of this repository. */
export const PROGRAM =
  process.env['CLOZE_XTASK'] ?? fileURLToPath(new URL('../../target/debug/xtask', import.meta.url));

/** Bytes beyond that are handed over as a file, which is written once. */
const SMALL = 4096;

/** Waits after some bytes until it is let go; for {@link Reply}'s `hold`. @param {number} at */
export function holding(at) {
  let release = () => {};
  const until = new Promise((resolve) => (release = () => resolve(undefined)));
  return { hold: { at, until }, release };
}

/**
 * A folder. With `packs` what packs well is sent packed, as `cargo xtask serve` does; packing takes its time. `prefix` is the path under which it stands; with `fallback`, what is not there is answered with the page, as hosts of
 * single-page sites do. Symbolic links in it may lead anywhere.
 * @param {string} folder
 * @param {{ prefix?: string, isolated?: boolean, fallback?: boolean, packs?: boolean }} [options]
 * @returns {Promise<Server>}
 */
export async function serveFolder(folder, { prefix = '/', isolated = true, fallback = false, packs = false } = {}) {
  const flag = (/** @type {boolean} */ is) => (is ? '1' : '0');
  const flags = { isolated: flag(isolated), fallback: flag(fallback), packs: flag(packs), links: '1' };
  const options = { folder, prefix, ...flags };
  return (process_ ??= new TestProcess()).serve('folder', options);
}

/**
 * Whatever `decide` says.
 * @param {Decide} decide
 * @returns {Promise<AskingServer>}
 */
export async function serveAnswers(decide) {
  return (process_ ??= new TestProcess()).serve('asking', {}, decide);
}

/** The Content-Security-Policy that served folders have. */
export async function policy() {
  const server = await serveFolder('.');
  const said = /** @type {TestProcess} */ (process_).policy;
  await server.close();
  return said;
}

/** @type {TestProcess | undefined} */
let process_;

/** One process serves all that a test file wants at a time; it ends with the last of its servers. */
class TestProcess {
  policy = '';
  #sites = 0;
  /** @type {Map<string, { answered: Deferred<string>, decide: Decide | undefined, reachable: boolean, stopped: Deferred<undefined> }>} */
  #open = new Map();
  /** @type {Map<string, { asked: Asked, ended: (whole: boolean) => void }>} */
  #requests = new Map();
  /** @type {Map<Uint8Array, string>} */
  #written = new Map();
  /** @type {string | undefined} */
  #scratch;
  /** @type {import('node:child_process').ChildProcess} */
  #child;

  constructor() {
    if (!existsSync(PROGRAM)) throw new Error(`there is no ${PROGRAM}: \`cargo build -p xtask\` makes it`);
    this.#child = spawn(PROGRAM, ['serve-tests'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.once('exit', () => this.#left());
    this.#child.stdin?.on('error', () => undefined);
    let rest = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(new URLSearchParams(line));
    });
  }

  /**
   * @param {string} kind @param {Record<string, string>} options @param {Decide} [decide]
   * @returns {Promise<AskingServer>}
   */
  async serve(kind, options, decide) {
    const site = String(++this.#sites);
    const entry = { answered: deferred(), decide, reachable: true, stopped: deferred() };
    this.#open.set(site, entry);
    this.#say({ do: kind, site, ...options });
    const url = await entry.answered.promise.catch((/** @type {Error} */ error) => {
      this.#forget(site);
      throw error;
    });
    return {
      url,
      setReachable: (reachable) => {
        entry.reachable = reachable;
        this.#say({ do: 'reachable', site, is: reachable ? '1' : '0' });
      },
      close: async () => {
        if (!this.#open.has(site)) return;
        this.#say({ do: 'stop', site });
        await entry.stopped.promise;
        this.#forget(site);
      },
    };
  }

  /** @param {Record<string, string> | string[][]} fields */
  #say(fields) {
    this.#child.stdin?.write(`${new URLSearchParams(fields)}\n`);
  }

  /** @param {URLSearchParams} line */
  #hear(line) {
    const value = (/** @type {string} */ name) => line.get(name) ?? '';
    if (line.has('policy')) this.policy = value('policy');
    else if (line.has('serving')) this.#open.get(value('serving'))?.answered.resolve(value('url'));
    else if (line.has('failed')) this.#open.get(value('failed'))?.answered.reject(new Error(value('why')));
    else if (line.has('stopped')) this.#open.get(value('stopped'))?.stopped.resolve(undefined);
    else if (line.has('asked')) void this.#answer(line);
    else if (line.has('sent')) {
      const request = this.#requests.get(value('sent'));
      if (request) request.asked.sent += Number(value('bytes'));
    } else if (line.has('ended')) {
      this.#requests.get(value('ended'))?.ended(value('whole') === '1');
      this.#requests.delete(value('ended'));
    }
  }

  /** @param {URLSearchParams} line */
  async #answer(line) {
    const request = line.get('asked') ?? '';
    const site = this.#open.get(line.get('site') ?? '');
    if (!site?.decide || !site.reachable) return this.#say({ do: 'drop', request });
    const headers = line.getAll('header').map((header) => [header.split(': ', 1)[0], header.replace(/^[^:]*: /, '')]);
    /** @type {Deferred<boolean>} */
    const ended = deferred();
    /** @type {Asked} */
    const asked = {
      method: line.get('method') ?? '',
      target: line.get('target') ?? '',
      headers: Object.fromEntries(headers),
      sent: 0,
      ended: ended.promise,
    };
    this.#requests.set(request, { asked, ended: ended.resolve });
    const reply = await site.decide(asked);
    if (!reply) return undefined;
    this.#say([['do', 'reply'], ['request', request], ...this.#fields(reply)]);
    void reply.hold?.until.then(() => this.#say({ do: 'release', request }));
  }

  /** @param {Reply} reply @returns {string[][]} */
  #fields({ status, headers = {}, body = [], ranges, cut, rate, hold }) {
    const numbers = Object.entries({ status, cut, rate, hold: hold?.at }).filter(([, value]) => value !== undefined);
    return [
      ...numbers.map(([name, value]) => [name, String(value)]),
      ...(ranges ? [['ranges', '1']] : []),
      ...Object.entries(headers).map(([name, value]) => ['header', `${name}: ${value}`]),
      ...[body].flat().map((part) => this.#part(part)),
    ];
  }

  /** @param {Part} part */
  #part(part) {
    if (typeof part === 'string') return ['text', part];
    if ('zeros' in part) return ['zeros', String(part.zeros)];
    if ('file' in part) return ['file', part.file];
    if (part.length <= SMALL) return ['hex', Buffer.from(part).toString('hex')];
    let file = this.#written.get(part);
    if (file === undefined) {
      this.#scratch ??= mkdtempSync(join(tmpdir(), 'cloze-served-'));
      file = join(this.#scratch, String(this.#written.size));
      writeFileSync(file, part);
      this.#written.set(part, file);
    }
    return ['file', file];
  }

  /** @param {string} site */
  #forget(site) {
    this.#open.delete(site);
    if (this.#open.size > 0) return;
    if (process_ === this) process_ = undefined;
    this.#child.stdin?.end();
    if (this.#scratch !== undefined) rmSync(this.#scratch, { recursive: true, force: true });
  }

  /** The process is gone: nobody waits for it any longer. */
  #left() {
    for (const { answered, stopped } of this.#open.values()) {
      answered.reject(new Error('the server ended'));
      stopped.resolve(undefined);
    }
    for (const { ended } of this.#requests.values()) ended(false);
    if (process_ === this) process_ = undefined;
  }
}

/** As `Promise.withResolvers`, which Node 20 lacks. @template T @returns {Deferred<T>} */
function deferred() {
  /** @type {Deferred<T>} */
  const made = /** @type {any} */ ({});
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  made.promise.catch(() => undefined);
  return made;
}
