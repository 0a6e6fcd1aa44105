/**
 * A server that behaves like the Hugging Face hub, and misbehaves as networks do: lists with hashes, files by way of a
 * redirect to another origin, ranges, ETags, gated models, connections that are cut, wrong bytes, 429.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { serveAnswers } from '../server/client.mjs';

/**
 * @typedef {import('../server/client.mjs').Reply} Reply
 *
 * @typedef {object} Model
 * @property {Record<string, Buffer>} files
 * @property {string} [gated] the token that opens it
 * @property {string} [commit]
 *
 * @typedef {object} Asked
 * @property {'hub' | 'files'} at which of the two origins
 * @property {string} method
 * @property {string} path
 * @property {string | undefined} range
 * @property {string | undefined} authorization
 * @property {number} sent bytes of the body that went out
 *
 * What happens to an answer of the files' origin; `count` says the how manieth it is of that file, from 1.
 * @typedef {object} Fault
 * @property {number} [cut] ends the connection after so many bytes of the body
 * @property {number} [status] is answered instead
 * @property {Record<string, string>} [headers]
 * @property {Buffer} [body] is sent instead of the file
 * @property {boolean} [gzip]
 * @property {boolean} [whole] parts are not given
 * @property {number} [rate] bytes per second
 * @property {{ at: number, until: Promise<unknown> }} [hold] waits after some bytes of the body
 *
 * @typedef {object} Hub
 * @property {string} url of the hub, with a slash at the end
 * @property {string} filesOrigin where large files come from
 * @property {Record<string, Model>} models by `owner/name`
 * @property {Asked[]} asked
 * @property {(request: { file: string, count: number, range: string | undefined }) => Fault | undefined} fault
 * @property {boolean} listing whether it tells what a model is made of
 * @property {(file: string) => number} sentOf bytes of a file that went out, all requests together
 * @property {(reachable: boolean) => void} setReachable whether it answers at all
 * @property {() => Promise<void>} close
 */

export const sha256 = (/** @type {Buffer} */ bytes) => createHash('sha256').update(bytes).digest('hex');
const gitOid = (/** @type {Buffer} */ bytes) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** The hub keeps large files elsewhere: Git LFS. */
const isLarge = (/** @type {string} */ name) => /\.(safetensors|gguf|bin)$/.test(name);

const EXPOSED = 'X-Repo-Commit,X-Error-Code,X-Error-Message,ETag,Accept-Ranges,Content-Range';

/** @param {number} status @param {string} code @param {string} message @returns {Reply} */
const refusal = (status, code, message) => ({
  status,
  headers: { 'Content-Type': 'text/plain', 'X-Error-Code': code, 'X-Error-Message': message },
  body: message,
});

/** A function of bytes that is computed once for each. @template T @param {(bytes: Buffer) => T} compute */
function once(compute) {
  /** @type {Map<Buffer, T>} */
  const known = new Map();
  return (/** @type {Buffer} */ bytes) => {
    if (!known.has(bytes)) known.set(bytes, compute(bytes));
    return /** @type {T} */ (known.get(bytes));
  };
}

/**
 * @param {Record<string, Model>} models
 * @returns {Promise<Hub>}
 */
export async function serveHub(models) {
  const hashOf = once(sha256);
  const gzipped = once((bytes) => gzipSync(bytes, { level: 1 }));
  /** @type {Map<string, number>} */
  const counts = new Map();

  /** What every page may see. @param {Asked['at']} at @param {(asked: Asked) => Reply} answer */
  const listen = (at, answer) =>
    serveAnswers((request) => {
      const { method, target, headers } = request;
      const common = {
        'Access-Control-Allow-Origin': headers['origin'] ?? '*',
        'Access-Control-Expose-Headers': EXPOSED,
        Vary: 'Origin',
      };
      if (method === 'OPTIONS') {
        const allowed = {
          'Access-Control-Allow-Headers': 'authorization, range',
          'Access-Control-Allow-Methods': 'GET, HEAD',
        };
        return { status: 204, headers: { ...common, ...allowed } };
      }
      const { range, authorization } = headers;
      const asked = Object.assign(request, { at, path: decodeURIComponent(target), range, authorization });
      hub.asked.push(asked);
      const reply = answer(asked);
      return { ...reply, headers: { ...common, ...reply.headers } };
    });

  const front = await listen('hub', ({ path, authorization }) => {
    const [, id = '', rest = ''] = /^\/(?:api\/models\/)?([^/]+\/[^/]+)\/(.*)$/.exec(path) ?? [];
    const model = hub.models[id];
    if (!model) return refusal(401, 'RepoNotFound', 'Repository not found');
    if (model.gated !== undefined && authorization !== `Bearer ${model.gated}`) {
      return refusal(authorization === undefined ? 401 : 403, 'GatedRepo', `Access to model ${id} is restricted.`);
    }
    const commit = model.commit ?? 'a'.repeat(40);
    return path.startsWith('/api/') ? list(id, model, commit, rest) : resolve(id, model, commit, rest);
  });

  /** @param {string} id @param {Model} model @param {string} commit @param {string} rest @returns {Reply} */
  function list(id, model, commit, rest) {
    if (!hub.listing) return refusal(404, '', 'no such page');
    const revision = /^revision\/(.*)\?blobs=true$/.exec(rest)?.[1];
    if (revision !== 'main' && revision !== commit) {
      return refusal(404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    }
    const siblings = Object.entries(model.files).map(([rfilename, bytes]) => ({
      rfilename,
      size: bytes.length,
      blobId: isLarge(rfilename) ? 'b'.repeat(40) : gitOid(bytes),
      ...(isLarge(rfilename) && { lfs: { sha256: hashOf(bytes), size: bytes.length, pointerSize: 134 } }),
    }));
    const body = JSON.stringify({ id, sha: commit, siblings });
    return { headers: { 'Content-Type': 'application/json' }, body };
  }

  /** @param {string} id @param {Model} model @param {string} commit @param {string} rest @returns {Reply} */
  function resolve(id, model, commit, rest) {
    const [, revision, name = ''] = /^resolve\/([^/]+)\/(.*)$/.exec(rest) ?? [];
    const bytes = model.files[name];
    if ((revision !== 'main' && revision !== commit) || !bytes) {
      return refusal(404, 'EntryNotFound', `${name} does not exist`);
    }
    const headers = { 'X-Repo-Commit': commit };
    if (!isLarge(name)) {
      const type = 'text/plain; charset=utf-8';
      return { headers: { ...headers, 'Content-Type': type, ETag: `"${gitOid(bytes)}"` }, body: bytes };
    }
    const signed = hashOf(bytes);
    const location = `${files.url}${id}/${name}?signed=${signed.slice(0, 8)}`;
    const linked = { 'X-Linked-ETag': `"${signed}"`, 'X-Linked-Size': bytes.length };
    return { status: 302, headers: { ...headers, Location: location, ...linked } };
  }

  const files = await listen('files', ({ path, range }) => {
    const [, id = '', name = ''] = /^\/([^/]+\/[^/]+)\/(.*)\?/.exec(path) ?? [];
    const published = hub.models[id]?.files[name];
    if (!published) return refusal(404, '', 'no such file');
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const {
      status,
      headers,
      body = published,
      gzip,
      whole,
      ...delivery
    } = hub.fault({ file: name, count, range }) ?? {};
    if (status !== undefined) return { status, headers: { 'Content-Type': 'text/plain', ...headers }, body: 'not now' };
    const told = { 'Content-Type': 'application/octet-stream', ETag: `"${hashOf(published).slice(0, 32)}"` };
    if (gzip) return { headers: { ...told, 'Content-Encoding': 'gzip' }, body: gzipped(body), ...delivery };
    return { headers: told, body, ranges: !whole, ...delivery };
  });

  /** @type {Hub} */
  const hub = {
    url: front.url,
    filesOrigin: new URL(files.url).origin,
    models,
    asked: [],
    fault: () => undefined,
    listing: true,
    sentOf: (file) =>
      hub.asked
        .filter(({ at, path }) => at === 'files' && path.includes(`/${file}?`))
        .reduce((sum, { sent }) => sum + sent, 0),
    setReachable: (now) => {
      for (const server of [front, files]) server.setReachable(now);
    },
    close: async () => {
      for (const server of [front, files]) await server.close();
    },
  };
  return hub;
}
