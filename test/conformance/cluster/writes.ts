import { ConfigMaps, Deployments } from '../../../lib/api/workloads.js';
import { type ClusterBed, refusal } from './bed.js';

export function writeCases(bed: ClusterBed): void {
  describe('identity', () => {
    it('gives a new object a uid, a version and a time', async () => {
      const { metadata } = await bed.cluster.create(ConfigMaps, bed.configMap('born'));
      expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(Number(metadata.resourceVersion)).toBeGreaterThan(0);
      expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    it('refuses a second object of the same name with 409 AlreadyExists', async () => {
      await bed.cluster.create(ConfigMaps, bed.configMap('twice'));
      const error = await refusal(bed.cluster.create(ConfigMaps, bed.configMap('twice')));
      expect(error).toMatchObject({
        status: 409,
        reason: 'AlreadyExists',
        message: 'configmaps "twice" already exists',
      });
    });

    it('answers 404 for what is not there', async () => {
      const error = await refusal(bed.cluster.get(Deployments, bed.key('nobody')));
      expect(error).toMatchObject({
        status: 404,
        reason: 'NotFound',
        message: 'deployments.apps "nobody" not found',
      });
    });

    it('refuses an object in a namespace that does not exist', async () => {
      const stray = {
        ...bed.configMap('stray'),
        metadata: { name: 'stray', namespace: 'no-such-namespace' },
      };
      const error = await refusal(bed.cluster.create(ConfigMaps, stray));
      expect(error).toMatchObject({ status: 404, message: 'namespaces "no-such-namespace" not found' });
    });

    it('refuses a key of data that cannot be a file name', async () => {
      const error = await refusal(bed.cluster.create(ConfigMaps, bed.configMap('keyed', { 'a/b': '1' })));
      expect(error).toMatchObject({ status: 422, reason: 'Invalid' });
      expect(error.message).toContain('data[a/b]: Invalid value: "a/b"');
    });

    it('refuses a name that is no DNS name', async () => {
      expect((await refusal(bed.cluster.create(ConfigMaps, bed.configMap('Not_A_Name')))).status).toBe(422);
    });
  });

  describe('optimistic locking', () => {
    it('refuses a PUT that was made from an old version', async () => {
      const first = await bed.cluster.create(ConfigMaps, bed.configMap('locked', { n: '1' }));
      await bed.cluster.update(ConfigMaps, { ...first, data: { n: '2' } });
      const error = await refusal(bed.cluster.update(ConfigMaps, { ...first, data: { n: '3' } }));
      expect(error).toMatchObject({ status: 409, reason: 'Conflict' });
      expect(error.message).toContain('the object has been modified');
      expect((await bed.cluster.get(ConfigMaps, bed.key('locked'))).data).toEqual({ n: '2' });
    });

    it('takes a PUT without a version', async () => {
      await bed.cluster.create(ConfigMaps, bed.configMap('unlocked', { n: '1' }));
      expect((await bed.cluster.update(ConfigMaps, bed.configMap('unlocked', { n: '2' }))).data).toEqual({
        n: '2',
      });
    });

    it('refuses a patch that names an old version', async () => {
      const first = await bed.cluster.create(ConfigMaps, bed.configMap('patched', { n: '1' }));
      await bed.cluster.patch(ConfigMaps, bed.key('patched'), 'merge', { data: { n: '2' } });
      const stale = { metadata: { resourceVersion: first.metadata.resourceVersion }, data: { n: '3' } };
      expect((await refusal(bed.cluster.patch(ConfigMaps, bed.key('patched'), 'merge', stale))).status).toBe(
        409,
      );
    });

    it('keeps the version when a write changes nothing', async () => {
      const first = await bed.cluster.create(ConfigMaps, bed.configMap('same', { n: '1' }));
      const second = await bed.cluster.patch(ConfigMaps, bed.key('same'), 'merge', { data: { n: '1' } });
      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });
  });

  describe('patches', () => {
    it('removes by null in a merge patch', async () => {
      await bed.cluster.create(ConfigMaps, bed.configMap('merge', { a: '1', b: '2' }));
      const patched = await bed.cluster.patch(ConfigMaps, bed.key('merge'), 'merge', {
        data: { a: null, c: '3' },
      });
      expect(patched.data).toEqual({ b: '2', c: '3' });
    });

    it('performs the operations of a JSON patch in order, or none', async () => {
      await bed.cluster.create(ConfigMaps, bed.configMap('json', { a: '1' }));
      const patched = await bed.cluster.patch(ConfigMaps, bed.key('json'), 'json', [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'replace', path: '/data/a', value: '2' },
        { op: 'add', path: '/metadata/annotations', value: {} },
        { op: 'add', path: '/metadata/annotations/example.com~1b', value: '3' },
      ]);
      expect(patched.data).toEqual({ a: '2' });
      expect(patched.metadata.annotations).toEqual({ 'example.com/b': '3' });
      const failing = [
        { op: 'replace', path: '/data/a', value: '9' },
        { op: 'test', path: '/data/a', value: 'x' },
      ];
      await refusal(bed.cluster.patch(ConfigMaps, bed.key('json'), 'json', failing));
      expect((await bed.cluster.get(ConfigMaps, bed.key('json'))).data?.a).toBe('2');
    });
  });
}
