/**
 * A server that behaves like the Hugging Face hub, and misbehaves as networks do: lists with hashes, files by way of a
 * redirect to another origin, ranges, ETags, gated models, connections that are cut, wrong bytes, 429.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

/**
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

/** A fault that stops an answer after some bytes until it is let go. @param {number} at */
export function holding(at) {
  let release = () => {};
  const until = new Promise((resolve) => (release = () => resolve(undefined)));
  return { hold: { at, until }, release };
}

const EXPOSED = 'X-Repo-Commit,X-Error-Code,X-Error-Message,ETag,Accept-Ranges,Content-Range';

/**
 * @param {Record<string, Model>} models
 * @returns {Promise<Hub>}
 */
export async function serveHub(models) {
  /** @type {Map<Buffer, string>} */
  const hashes = new Map();
  const hashOf = (/** @type {Buffer} */ bytes) => {
    let hash = hashes.get(bytes);
    if (hash === undefined) hashes.set(bytes, (hash = sha256(bytes)));
    return hash;
  };
  /** @type {Map<string, number>} */
  const counts = new Map();
  let reachable = true;

  /** @param {Hub['asked'][0]['at']} at @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, asked: Asked) => void} serve */
  const listen = async (at, serve) => {
    const server = createServer((request, response) => {
      if (!reachable) return request.socket.destroy();
      response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
      response.setHeader('Access-Control-Expose-Headers', EXPOSED);
      response.setHeader('Vary', 'Origin');
      if (request.method === 'OPTIONS') {
        response
          .writeHead(204, {
            'Access-Control-Allow-Headers': 'authorization, range',
            'Access-Control-Allow-Methods': 'GET, HEAD',
          })
          .end();
        return;
      }
      const { range, authorization } = request.headers;
      const asked = {
        at,
        method: request.method ?? '',
        path: decodeURIComponent(request.url ?? ''),
        range,
        authorization,
        sent: 0,
      };
      hub.asked.push(asked);
      serve(request, response, asked);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    return { server, url: `http://127.0.0.1:${address.port}/` };
  };

  /** @param {import('node:http').ServerResponse} response @param {number} status @param {string} code @param {string} message */
  const refuse = (response, status, code, message) => {
    response
      .writeHead(status, { 'Content-Type': 'text/plain', 'X-Error-Code': code, 'X-Error-Message': message })
      .end(message);
  };

  const front = await listen('hub', (request, response, { path }) => {
    const [, id = '', rest = ''] = /^\/(?:api\/models\/)?([^/]+\/[^/]+)\/(.*)$/.exec(path) ?? [];
    const model = hub.models[id];
    const commit = model?.commit ?? 'a'.repeat(40);
    if (!model) return refuse(response, 401, 'RepoNotFound', 'Repository not found');
    if (model.gated !== undefined && request.headers.authorization !== `Bearer ${model.gated}`) {
      return refuse(
        response,
        request.headers.authorization === undefined ? 401 : 403,
        'GatedRepo',
        `Access to model ${id} is restricted.`,
      );
    }
    if (path.startsWith('/api/')) {
      if (!hub.listing) return refuse(response, 404, '', 'no such page');
      const revision = /^revision\/(.*)\?blobs=true$/.exec(rest)?.[1];
      if (revision !== 'main' && revision !== commit)
        return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
      const siblings = Object.entries(model.files).map(([rfilename, bytes]) => ({
        rfilename,
        size: bytes.length,
        blobId: isLarge(rfilename) ? 'b'.repeat(40) : gitOid(bytes),
        ...(isLarge(rfilename) && { lfs: { sha256: hashOf(bytes), size: bytes.length, pointerSize: 134 } }),
      }));
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ id, sha: commit, siblings }));
      return;
    }
    const [, revision, name = ''] = /^resolve\/([^/]+)\/(.*)$/.exec(rest) ?? [];
    const bytes = model.files[name];
    if ((revision !== 'main' && revision !== commit) || !bytes)
      return refuse(response, 404, 'EntryNotFound', `${name} does not exist`);
    response.setHeader('X-Repo-Commit', commit);
    if (!isLarge(name)) {
      response
        .writeHead(200, {
          'Content-Type': 'text/plain; charset=utf-8',
          'Content-Length': bytes.length,
          ETag: `"${gitOid(bytes)}"`,
        })
        .end(bytes);
      return;
    }
    response
      .writeHead(302, {
        Location: `${files.url}${id}/${name}?signed=${hashOf(bytes).slice(0, 8)}`,
        'X-Linked-ETag': `"${hashOf(bytes)}"`,
        'X-Linked-Size': bytes.length,
      })
      .end();
  });

  const files = await listen('files', (request, response, asked) => {
    const [, id = '', name = ''] = /^\/([^/]+\/[^/]+)\/(.*)\?/.exec(asked.path) ?? [];
    const published = hub.models[id]?.files[name];
    if (!published) return refuse(response, 404, '', 'no such file');
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const fault = hub.fault({ file: name, count, range: asked.range }) ?? {};
    if (fault.status !== undefined) {
      response.writeHead(fault.status, { 'Content-Type': 'text/plain', ...fault.headers }).end('not now');
      return;
    }
    const bytes = fault.body ?? published;
    const etag = `"${hashOf(published).slice(0, 32)}"`;
    response.setHeader('Content-Type', 'application/octet-stream');
    response.setHeader('ETag', etag);
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(asked.range ?? '') ?? [];
    let body = bytes;
    if (fault.gzip) {
      body = gzipSync(bytes, { level: 1 });
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': body.length });
    } else if (from === undefined || fault.whole) {
      response.writeHead(200, { 'Content-Length': body.length, ...(!fault.whole && { 'Accept-Ranges': 'bytes' }) });
    } else if (Number(from) >= bytes.length) {
      response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
      return;
    } else {
      const last = to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
      body = bytes.subarray(Number(from), last + 1);
      response.writeHead(206, {
        'Content-Length': body.length,
        'Content-Range': `bytes ${from}-${last}/${bytes.length}`,
        'Accept-Ranges': 'bytes',
      });
    }
    void send(response, asked, body, fault);
  });

  /** @param {import('node:http').ServerResponse} response @param {Asked} asked @param {Buffer} body @param {Fault} fault */
  async function send(response, asked, body, { cut = Infinity, rate, hold }) {
    const end = Math.min(cut, body.length);
    const step = rate === undefined ? 1 << 18 : Math.max(1, Math.floor(rate / 20));
    let closed = false;
    const gone = once(response, 'close').then(() => (closed = true));
    for (let at = 0; at < end && !closed; at += step) {
      if (hold && at >= hold.at) {
        await Promise.race([hold.until, gone]);
        if (closed) return;
      }
      const piece = body.subarray(at, Math.min(at + step, end));
      asked.sent += piece.length;
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), gone]);
      if (rate !== undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (closed) return;
    if (end === body.length) response.end();
    // What was written goes out before the connection breaks off.
    else response.socket?.end();
  }

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
      reachable = now;
      if (!now) for (const { server } of [front, files]) server.closeAllConnections();
    },
    close: async () => {
      for (const { server } of [front, files]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  return hub;
}
