/**
 * A static server for the tests: any folder, under any path, with or without the headers that allow threads.
 * `cargo xtask serve` is the real one; its own answers are tested when CLOZE_BASE_URL names it.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

/** The policy the playground is served with, word for word. */
export const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*; worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

/**
 * @typedef {{ url: string, close(): Promise<void> }} Server
 * @param {string} root the folder
 * @param {{ prefix?: string, isolated?: boolean, port?: number, fallback?: boolean }} [options] `prefix` is the path under which the
 *   folder stands; with `fallback`, what is not there is answered with the page, as hosts of single-page sites do
 * @returns {Promise<Server>}
 */
export async function serve(root, { prefix = '/', isolated = true, port = 0, fallback = false } = {}) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const inside = path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
    const file =
      inside === undefined
        ? undefined
        : join(root, normalize(inside.endsWith('/') || inside === '' ? `${inside}index.html` : inside));
    const found = file?.startsWith(root + sep) ? await stat(file).catch(() => undefined) : undefined;
    response.setHeader('Content-Security-Policy', CSP);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-cache');
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    }
    if (fallback && inside !== undefined && !found) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      createReadStream(join(root, 'index.html')).pipe(response);
      return;
    }
    if (!file || !found?.isFile()) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Length': found.size,
      ETag: `"${found.size}-${found.mtimeMs}"`,
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}${prefix}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
