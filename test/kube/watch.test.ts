import { ConfigMaps, Secrets } from '../../lib/api/workloads.js';
import type { ListOptions, WatchEvent } from '../../lib/ports/cluster.js';
import { type Bed, createBed, until } from './bed.js';

const metadata = { namespace: 'test', name: 'podinfo' };

let bed: Bed;
afterEach(() => bed.close());

/** Watches ConfigMaps from the beginning and writes down what comes. */
function watch(options: ListOptions & { resourceVersion?: string } = {}, kind = ConfigMaps) {
  const stop = new AbortController();
  const seen: string[] = [];
  const onEvent = (event: WatchEvent<(typeof ConfigMaps)['object'] & object>): void => {
    seen.push(event.type === 'BOOKMARK' ? `BOOKMARK ${event.resourceVersion}` : describe(event));
  };
  const ended = bed.cluster.watch(kind, { resourceVersion: '100', ...options, signal: stop.signal }, onEvent);
  return { seen, ended, stop };
}

function describe({
  type,
  object,
}: {
  type: string;
  object: { metadata: { name?: string }; data?: object };
}): string {
  return `${type} ${object.metadata.name}${object.data ? ` ${JSON.stringify(object.data)}` : ''}`;
}

test('every change after the given version arrives, in order', async () => {
  bed = await createBed();
  await bed.memory.create(ConfigMaps, { metadata, data: { a: '1' } });
  const { seen, ended, stop } = watch();
  await until(() => seen.length === 1);
  await bed.memory.patch(ConfigMaps, metadata, 'merge', { data: { a: '2' } });
  await bed.memory.delete(ConfigMaps, metadata);
  await until(() => seen.length === 3);
  expect(seen).toEqual([
    'ADDED podinfo {"a":"1"}',
    'MODIFIED podinfo {"a":"2"}',
    'DELETED podinfo {"a":"2"}',
  ]);
  stop.abort();
  await ended;
});

test.each([1, 2, 3, 7, 1000])('events cut in pieces of %i bytes arrive whole', async (pieceBytes) => {
  bed = await createBed({ pieceBytes });
  const { seen, stop, ended } = watch();
  await bed.memory.create(ConfigMaps, { metadata, data: { text: 'zwölf €\n"}{' } });
  await bed.memory.create(ConfigMaps, { metadata: { ...metadata, name: 'second' } });
  await until(() => seen.length === 2);
  expect(seen).toEqual(['ADDED podinfo {"text":"zwölf €\\n\\"}{"}', 'ADDED second']);
  stop.abort();
  await ended;
});

test('bookmarks are asked for and passed on', async () => {
  bed = await createBed();
  const { seen, stop, ended } = watch();
  await until(() => bed.memory.watchers() === 1);
  bed.memory.bookmark();
  await until(() => seen.length === 1);
  expect(seen).toEqual(['BOOKMARK 100']);
  expect(bed.server.requests[0]?.line).toContain('allowWatchBookmarks=true');
  stop.abort();
  await ended;
});

test('a version that the server has forgotten rejects with 410', async () => {
  bed = await createBed();
  await bed.memory.create(ConfigMaps, { metadata });
  bed.memory.compact();
  await expect(watch().ended).rejects.toMatchObject({ status: 410, reason: 'Expired' });
});

test('a refusal before the stream begins rejects with its status', async () => {
  bed = await createBed();
  bed.server.failNext((_, response) =>
    response.writeHead(403).end('{"kind":"Status","reason":"Forbidden","message":"no"}'),
  );
  await expect(watch().ended).rejects.toMatchObject({ status: 403, reason: 'Forbidden', message: 'no' });
});

test('a connection that nobody takes rejects with status 0', async () => {
  bed = await createBed();
  await bed.server.close();
  await expect(watch().ended).rejects.toMatchObject({ status: 0 });
});

test('a stream cut inside an event ends without that event, and the watch can go on behind it', async () => {
  bed = await createBed();
  const first = watch();
  await bed.memory.create(ConfigMaps, { metadata });
  await until(() => first.seen.length === 1);
  bed.server.cutWatches();
  await first.ended;
  expect(first.seen).toEqual(['ADDED podinfo']);
  await bed.memory.delete(ConfigMaps, metadata);
  const second = watch({ resourceVersion: '101' });
  await until(() => second.seen.length === 1);
  expect(second.seen).toEqual(['DELETED podinfo']);
  second.stop.abort();
  await second.ended;
});

test('a stream that has gone silent ends', async () => {
  bed = await createBed({ timeouts: { watchMs: 50 } });
  await watch().ended;
  await until(() => bed.memory.watchers() === 0);
});

test('an aborted watch resolves and closes its connection', async () => {
  bed = await createBed();
  const { stop, ended } = watch();
  await until(() => bed.memory.watchers() === 1);
  stop.abort();
  await ended;
  await until(() => bed.memory.watchers() === 0);
});

test('a watch aborted before its answer came resolves', async () => {
  bed = await createBed();
  bed.server.failNext(() => {});
  const { stop, ended } = watch();
  await until(() => bed.server.requests.length === 1);
  stop.abort();
  await ended;
});

test('one namespace and only metadata is all that is sent when that is asked for', async () => {
  bed = await createBed();
  const { seen, stop, ended } = watch({ namespace: 'test', metadataOnly: true }, Secrets);
  await bed.memory.create(Secrets, { metadata: { ...metadata, namespace: 'other' }, data: { k: 'dg==' } });
  await bed.memory.create(Secrets, { metadata, data: { k: 'dg==' } });
  await until(() => seen.length === 1);
  expect(seen).toEqual(['ADDED podinfo']);
  stop.abort();
  await ended;
});

test('an event that is not JSON rejects', async () => {
  bed = await createBed();
  bed.server.failNext((_, response) => response.writeHead(200).end('<html>\n'));
  await expect(watch().ended).rejects.toMatchObject({ status: 0, reason: 'MalformedWatchEvent' });
});
