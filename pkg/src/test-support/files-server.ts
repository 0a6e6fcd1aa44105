/** The tests' server (`cargo xtask serve-tests`) with answers by path, and the ways in which real ones misbehave. */
import { serveAnswers, type Asked, type Reply } from '../../../tests/server/client.mjs';

export type { Asked, Reply };

/** What it answers to a path; nothing: the connection stays silent. */
export type Answer = Uint8Array | string | Reply | ((asked: Asked) => Reply | undefined | Promise<Reply>);

/** A running server. */
export interface FilesServer {
  /** `http://127.0.0.1:<port>/` */
  base: string;
  /** Paths asked for, in order. */
  asked: string[];
  stop(): Promise<void>;
}

/** Serves the given answers, 404 for all else. */
export async function serveFiles(answers: Record<string, Answer>): Promise<FilesServer> {
  const asked: string[] = [];
  const server = await serveAnswers((request) => {
    asked.push(request.target);
    const answer = answers[request.target];
    if (answer === undefined) return { status: 404, body: 'not here' };
    if (typeof answer === 'function') return answer(request);
    if (typeof answer === 'string' || answer instanceof Uint8Array) {
      return { headers: { 'content-type': 'application/octet-stream' }, body: answer };
    }
    return answer;
  });
  return { base: server.url, asked, stop: server.close };
}

/** A single-page site's answer: its start page, whatever was asked. */
export const page: Reply = {
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>App</title>',
};

/** Says `length` bytes, sends `sent`, and breaks the connection. */
export const cut = (length: number, sent: number): Reply => ({ body: { zeros: length }, cut: sent });

/** Waits for ever after so many bytes. */
export const silentAfter = (at: number): Pick<Reply, 'hold'> => ({ hold: { at, until: new Promise(() => undefined) } });

/** Sends a first piece and then nothing. */
export const stall = (length: number, sent: number): Reply => ({ body: { zeros: length }, ...silentAfter(sent) });

/** A status without content. */
export const status = (code: number): Reply => ({ status: code });
