import { expect, test } from 'vitest';
import { collect } from '../download/incoming-file.js';
import { downloadContext } from '../../test-support/download-context.js';
import { serveFiles, type Reply } from '../../test-support/files-server.js';
import { memoryStore } from '../../test-support/memory-store.js';
import { smallFiles } from './folder.js';
import { plainFolder } from './remote-folder.js';

const kept = (body: string): Reply => ({ headers: { etag: `"${body}"` }, body });
const SMALL = { '/m/config.json': kept('{}'), '/m/tokenizer.json': kept('{}') };

test('a kept model of which only the address is known loads without a network, and without the files that it never had', async () => {
  const store = memoryStore();
  const server = await serveFiles({ ...SMALL, '/m/model.safetensors': kept('weights') });
  const base = `${server.base}m/`;
  const model = { id: base, name: 'm', source: 'url', url: base, revision: null } as const;
  const folder = plainFolder(model, base, undefined, downloadContext(store));
  const files = await smallFiles(folder);
  await collect((await folder.open('model.safetensors'))!);
  await folder.needs?.(['model.safetensors']);
  await server.stop();

  const again = plainFolder(model, base, undefined, downloadContext(store));
  expect(await smallFiles(again)).toEqual(files);
});

test('what is not kept is missed without a network', async () => {
  const server = await serveFiles(SMALL);
  const base = `${server.base}m/`;
  await server.stop();
  const model = { id: base, name: 'm', source: 'url', url: base, revision: null } as const;
  const folder = plainFolder(model, base, undefined, downloadContext(memoryStore()));
  await expect(smallFiles(folder)).rejects.toMatchObject({ code: 'network' });
});
