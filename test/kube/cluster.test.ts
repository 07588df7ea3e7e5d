import { defineKind } from '../../lib/api/kinds.js';
import { ConfigMaps, Deployments, Leases, Secrets } from '../../lib/api/workloads.js';
import { ApiError } from '../../lib/ports/cluster.js';
import { refuse } from './apiServer.js';
import { type Bed, createBed } from './bed.js';

const key = { namespace: 'test', name: 'podinfo' };
const configMap = { metadata: { ...key }, data: { color: 'blue' } };

let bed: Bed;
afterEach(() => bed.close());

test('what is created can be read, changed and deleted', async () => {
  bed = await createBed();
  const { cluster } = bed;
  const made = await cluster.create(ConfigMaps, configMap);
  expect(made).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { color: 'blue' } });
  await cluster.update(ConfigMaps, { ...made, data: { color: 'green' } });
  await cluster.patch(ConfigMaps, key, 'merge', { data: { size: 'ü' } });
  expect((await cluster.get(ConfigMaps, key)).data).toEqual({ color: 'green', size: 'ü' });
  await cluster.delete(ConfigMaps, key);
  await expect(cluster.get(ConfigMaps, key)).rejects.toMatchObject({ status: 404, reason: 'NotFound' });
});

test('a status is written apart from the spec', async () => {
  bed = await createBed();
  const spec = { replicas: 1, selector: {}, template: { spec: { containers: [] } } };
  const made = await bed.cluster.create(Deployments, { metadata: { ...key }, spec });
  await bed.cluster.updateStatus(Deployments, {
    ...made,
    spec: { ...spec, replicas: 7 },
    status: { readyReplicas: 1 },
  });
  const found = await bed.cluster.get(Deployments, key);
  expect(found.spec.replicas).toBe(1);
  expect(found.status).toEqual({ readyReplicas: 1 });
});

test('an update of an older version is a conflict that quotes the server', async () => {
  bed = await createBed();
  const made = await bed.cluster.create(ConfigMaps, configMap);
  await bed.cluster.update(ConfigMaps, { ...made, data: {} });
  const late = bed.cluster.update(ConfigMaps, { ...made, data: { color: 'red' } });
  await expect(late).rejects.toBeInstanceOf(ApiError);
  await expect(late).rejects.toMatchObject({
    status: 409,
    reason: 'Conflict',
    message: 'Operation cannot be fulfilled on configmaps "podinfo"',
  });
});

test('server-side apply names its field manager and whether it takes fields over', async () => {
  bed = await createBed();
  await bed.cluster.apply(ConfigMaps, configMap, { fieldManager: 'perch', force: true });
  const last = bed.server.requests.at(-1);
  expect(last?.line).toBe('PATCH /api/v1/namespaces/test/configmaps/podinfo?fieldManager=perch&force=true');
  expect(last?.headers['content-type']).toBe('application/apply-patch+yaml');
  expect((await bed.cluster.get(ConfigMaps, key)).data).toEqual({ color: 'blue' });
});

test('what is deleted goes with all that it owns, the pods of a Job too', async () => {
  const jobs = defineKind('batch', 'v1', 'Job', 'jobs');
  bed = await createBed({ kinds: [jobs] });
  await bed.memory.create(jobs, { metadata: { ...key } });
  await bed.cluster.delete(jobs, key);
  expect(bed.server.requests.map(({ line }) => line)).toEqual([
    'DELETE /apis/batch/v1/namespaces/test/jobs/podinfo?propagationPolicy=Background',
  ]);
  await expect(bed.memory.get(jobs, key)).rejects.toMatchObject({ status: 404 });
});

test('the wait that a busy server asks for is passed on', async () => {
  bed = await createBed();
  bed.server.failNext((_, response) =>
    refuse(response, new ApiError(429, 'TooManyRequests', 'please try again later', 2000)),
  );
  await expect(bed.cluster.get(ConfigMaps, key)).rejects.toMatchObject({
    status: 429,
    reason: 'TooManyRequests',
    retryAfterMs: 2000,
  });
});

test('an answer that is not a Status is told by its HTTP status alone', async () => {
  bed = await createBed();
  bed.server.failNext((_, response) => response.writeHead(503).end('<html>upstream secret</html>'));
  await expect(bed.cluster.get(ConfigMaps, key)).rejects.toMatchObject({
    status: 503,
    reason: 'ServiceUnavailable',
    message: expect.stringMatching(
      /^GET \/api\/v1\/namespaces\/.* was answered with HTTP 503 and no reason$/,
    ),
  });
});

test('a connection that is cut before the answer has status 0', async () => {
  bed = await createBed();
  bed.server.failNext((request) => request.socket.destroy());
  await expect(bed.cluster.get(ConfigMaps, key)).rejects.toMatchObject({
    status: 0,
    reason: 'ConnectionFailed',
  });
});

test('a server that takes a request and says nothing is given up on', async () => {
  bed = await createBed({ timeouts: { requestMs: 50 } });
  bed.server.failNext(() => {});
  await expect(bed.cluster.get(ConfigMaps, key)).rejects.toMatchObject({ status: 0 });
});

test('a refused token is renewed and the request sent once more', async () => {
  bed = await createBed({ token: () => 'fresh', tokens: ['stale', 'fresh'] });
  await bed.cluster.create(ConfigMaps, configMap);
  expect(bed.server.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer stale',
    'Bearer fresh',
  ]);
});

test('an identity that stays refused is an error after the second attempt', async () => {
  bed = await createBed({ token: () => 'other' });
  await expect(bed.cluster.get(ConfigMaps, key)).rejects.toMatchObject({
    status: 401,
    reason: 'Unauthorized',
  });
  expect(bed.server.requests).toHaveLength(2);
});

test('a list is put together from its pages, and its items say what they are', async () => {
  bed = await createBed({ pageSize: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await bed.memory.create(ConfigMaps, { metadata: { ...key, name } });
  const list = await bed.cluster.list(ConfigMaps, { namespace: 'test' });
  expect(list.items.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((name) => `ConfigMap ${name}`),
  );
  expect(list.resourceVersion).toBe('105');
  expect(bed.server.requests).toHaveLength(3);
});

test('a list whose later page has expired is fetched again in one piece', async () => {
  bed = await createBed({ pageSize: 2 });
  for (const name of ['a', 'b', 'c']) await bed.memory.create(ConfigMaps, { metadata: { ...key, name } });
  const listed = bed.cluster.list(ConfigMaps);
  bed.server.failNext((_, response) =>
    response.end(JSON.stringify({ metadata: { resourceVersion: '1', continue: '2' }, items: [] })),
  );
  bed.server.failNext((_, response) => refuse(response, new ApiError(410, 'Expired', 'continue too old')));
  expect((await listed).items).toHaveLength(3);
});

test('a list of metadata carries no data of a Secret', async () => {
  bed = await createBed();
  await bed.memory.create(Secrets, { metadata: { ...key }, data: { address: 'c2VjcmV0' } });
  const { items } = await bed.cluster.list(Secrets, { metadataOnly: true });
  expect(items[0]?.metadata.name).toBe('podinfo');
  expect(JSON.stringify(items)).not.toContain('c2VjcmV0');
});

test('a kind is served when discovery lists it', async () => {
  bed = await createBed();
  expect(await bed.cluster.serves(Deployments)).toBe(true);
  expect(await bed.cluster.serves(Leases)).toBe(false);
});

test('discovery tells the kinds of a group, in the version that the server prefers, without subresources', async () => {
  bed = await createBed();
  expect(await bed.cluster.kinds('apps')).toEqual([{ ...Deployments }]);
  expect((await bed.cluster.kinds('')).map(({ plural }) => plural)).toEqual(['configmaps', 'secrets']);
  expect(await bed.cluster.kinds('apps', 'v1beta9')).toEqual([]);
  expect(await bed.cluster.kinds('nowhere.example.com')).toEqual([]);
});

test('discovery tells a kind that the preferred version lacks in the version that has it', async () => {
  const group = 'gateway.networking.k8s.io';
  const routes = ['v1', 'v1beta1'].map((version) => defineKind(group, version, 'HTTPRoute', 'httproutes'));
  const grants = defineKind(group, 'v1beta1', 'ReferenceGrant', 'referencegrants');
  bed = await createBed({ kinds: [...routes, grants] });
  expect(await bed.cluster.kinds(group)).toEqual([routes[0], grants]);
  expect(await bed.cluster.kinds(group, 'v1beta1')).toEqual([routes[1], grants]);
});

test('every request says who asks and is counted with its outcome', async () => {
  const seen: string[] = [];
  bed = await createBed({ onRequest: (verb, kind, status) => seen.push(`${verb} ${kind.plural} ${status}`) });
  await bed.cluster.list(ConfigMaps);
  await expect(bed.cluster.get(ConfigMaps, key)).rejects.toThrow();
  bed.server.failNext((request) => request.socket.destroy());
  await expect(bed.cluster.get(ConfigMaps, key)).rejects.toThrow();
  expect(seen).toEqual(['list configmaps 200', 'get configmaps 404', 'get configmaps 0']);
  expect(bed.server.requests[0]?.headers['user-agent']).toBe('perch/1.2.3');
});

test('what is served and not stored is read by its path', async () => {
  bed = await createBed();
  await bed.cluster.create(ConfigMaps, configMap);
  const found = await bed.cluster.read('/api/v1/namespaces/test/configmaps/podinfo');
  expect(found).toMatchObject({ data: { color: 'blue' } });
});
