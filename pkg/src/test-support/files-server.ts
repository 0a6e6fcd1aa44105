/** A small HTTP server with the ways in which real ones misbehave. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it answers to a path. */
export type Answer = Uint8Array | string | ((request: IncomingMessage, response: ServerResponse) => void);

/** A running server. */
export interface FilesServer {
  /** `http://127.0.0.1:<port>/` */
  base: string;
  /** Paths asked for, in order. */
  asked: string[];
  /** Resolves when the connection of an unfinished answer was closed by the client. */
  closed: Promise<void>;
  stop(): Promise<void>;
}

/** Serves the given answers, 404 for all else. */
export async function serveFiles(answers: Record<string, Answer>): Promise<FilesServer> {
  const asked: string[] = [];
  let noteClosed = (): void => undefined;
  const closed = new Promise<void>((resolve) => (noteClosed = resolve));
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    response.on('close', () => response.writableFinished || noteClosed());
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end('not here');
    else if (typeof answer === 'function') answer(request, response);
    else
      response
        .writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': Buffer.byteLength(answer) })
        .end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/`,
    asked,
    closed,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A single-page site's answer: its start page, whatever was asked. */
export const page: Answer = (_, response) =>
  void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>App</title>');

/** Says `length` bytes, sends `sent`, and breaks the connection. */
export const cut =
  (length: number, sent: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': length }).write(new Uint8Array(sent), () => response.destroy());
  };

/** Sends a first piece and then nothing. */
export const stall =
  (length: number, sent: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': length }).write(new Uint8Array(sent));
  };

/** A status without content. */
export const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end();
