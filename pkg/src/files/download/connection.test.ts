import { expect, test } from 'vitest';
import { ClozeError } from '../../border/errors.js';
import { wait } from './connection.js';
import { Interrupted } from './interrupted.js';

test('waiting ends with who waits', async () => {
  const stop = new AbortController();
  const waiting = wait(
    60_000,
    'https://files.example/a',
    new Interrupted('connection', new ClozeError('network', '')),
    () => undefined,
    stop.signal,
  );
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
});
