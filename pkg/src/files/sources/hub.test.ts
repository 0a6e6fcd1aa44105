import { afterEach, describe, expect, test } from 'vitest';
import { PauseSwitch } from '../download/pause-switch.js';
import { serveFiles, silentAfter, type Answer, type FilesServer, type Reply } from '../../test-support/files-server.js';
import { hubFolder, listed } from './hub.js';

const source = (base = 'https://hub.example/') =>
  ({
    kind: 'hub',
    name: 'a/b',
    id: 'a/b',
    revision: 'main',
    listing: `${base}api/models/a/b/revision/main?blobs=true`,
    base: `${base}a/b/resolve/main/`,
    commit_base: `${base}a/b/resolve/{revision}/`,
  }) as const;

/** As the hub answered for hf-internal-testing/tiny-random-bert, shortened. */
const LISTING = {
  sha: '71034c5d8bde858ff824298bdedc65515b97d2b9',
  siblings: [
    { rfilename: 'config.json', size: 526, blobId: '1ae2a1ae7e1d7a4ebd2ad9b8cf4d5c3d9f9ca2bd' },
    {
      rfilename: 'onnx/model.onnx',
      size: 546_893,
      blobId: 'x',
      lfs: { sha256: 'f'.repeat(64), size: 546_893, pointerSize: 131 },
    },
    { rfilename: 'old.bin' },
  ],
};

test('a listing gives addresses of its commit, lengths and hashes', () => {
  const files = listed(source(), LISTING);
  expect(files.get('config.json')).toEqual({
    key: 'https://hub.example/a/b/resolve/main/config.json',
    url: 'https://hub.example/a/b/resolve/71034c5d8bde858ff824298bdedc65515b97d2b9/config.json',
    size: 526,
    expected: { git_oid: '1ae2a1ae7e1d7a4ebd2ad9b8cf4d5c3d9f9ca2bd' },
  });
  expect(files.get('onnx/model.onnx')).toMatchObject({
    url: expect.stringMatching(/\/onnx\/model\.onnx$/u),
    expected: { sha256: 'f'.repeat(64) },
  });
  expect(files.get('old.bin')).not.toHaveProperty('expected');
});

describe('answers', () => {
  let server: FilesServer;
  afterEach(() => server.stop());
  const open = async (answer?: Answer) => {
    server = await serveFiles(answer === undefined ? {} : { '/api/models/a/b/revision/main?blobs=true': answer });
    return hubFolder(source(server.base), {
      tell: () => undefined,
      store: undefined,
      pause: new PauseSwitch(),
      pace: { tries: 2, delay: 1, longest: 10, stalled: 1000 },
      credentials: undefined,
    });
  };
  const refused = (status: number, code: string): Answer => ({ status, headers: { 'x-error-code': code } });
  const json = (body: Reply['body']): Reply => ({ headers: { 'content-type': 'application/json' }, body: body! });

  test('a list', async () =>
    expect((await open(JSON.stringify(LISTING))).names).toEqual(['config.json', 'onnx/model.onnx', 'old.bin']));
  test.each<[string, Reply]>([
    ['silent after its headers', { ...json({ zeros: 500 }), ...silentAfter(0) }],
    ['broken off', { ...json(['{"sha', { zeros: 100 }]), cut: 5 }],
    ['cut JSON', json('{"sha')],
  ])('a list that is %s is asked for again', async (_, first) => {
    let count = 0;
    expect((await open(() => (++count === 1 ? first : json(JSON.stringify(LISTING))))).names).toContain('config.json');
    expect(count).toBe(2);
  });

  test('a list that is always cut is no mirror of files alone', async () => {
    await expect(open(json('{'))).rejects.toMatchObject({ code: 'network' });
  });

  test.each<[string, Answer | undefined]>([
    ['no such page', undefined],
    ['no JSON', 'hello'],
  ])('%s: a mirror of files alone', async (_, answer) => expect(await open(answer)).not.toHaveProperty('names'));
  test.each([
    [401, 'RepoNotFound', 'not_found', /no model a\/b, or it is private/u],
    [404, 'RevisionNotFound', 'not_found', /no revision main of the model a\/b/u],
    [401, 'GatedRepo', 'gated', /conditions/u],
    [503, '', 'network', /503/u],
  ])('%i %s', async (status, reason, code, message) => {
    await expect(open(refused(status, reason))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
