/** A slow link before a server: all connections share its rate, and every piece arrives a while after it was sent. */
import { createServer, connect } from 'node:net';

/**
 * @param {string} target address of the server
 * @param {{ bytes_s: number, delay_ms: number }} link rate towards the client; one way's delay
 * @returns {Promise<{ url: string, bytes: () => number, close: () => Promise<void> }>} `bytes`: what has come through so far
 */
export async function slowLink(target, { bytes_s, delay_ms }) {
  const { hostname, port } = new URL(target);
  const sockets = new Set();
  let [free, bytes] = [0, 0];
  /** When the link has carried so many bytes more. @param {number} length */
  const carried = (length) => (free = Math.max(free, performance.now()) + (1000 * length) / bytes_s);
  /** @param {import('node:net').Socket} from @param {import('node:net').Socket} to @param {(length: number) => number} arrives */
  const pass = (from, to, arrives) => {
    let last = Promise.resolve();
    from.on('data', (piece) => {
      const at = arrives(piece.length) + delay_ms;
      // What waits on the link is not read ahead: it would lie in this process.
      from.pause();
      setTimeout(() => from.resume(), Math.max(0, at - delay_ms - performance.now()));
      last = last.then(
        () =>
          new Promise((resolve) =>
            setTimeout(
              () => {
                if (!to.destroyed) to.write(piece);
                resolve();
              },
              Math.max(0, at - performance.now()),
            ),
          ),
      );
    });
    from.on('end', () => void last.then(() => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => void last.then(() => to.destroySoon()));
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    pass(client, upstream, () => performance.now());
    pass(upstream, client, (length) => {
      bytes += length;
      return carried(length);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}/`,
    bytes: () => bytes,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
