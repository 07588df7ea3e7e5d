import { type ConfigMap, ConfigMaps, Deployments } from '../../../lib/api/workloads.js';
import { type ClusterBed, refusal } from './bed.js';

export function applyCases(bed: ClusterBed): void {
  describe('server-side apply', () => {
    const apply = (object: ConfigMap, fieldManager: string, force = false) =>
      bed.cluster.apply(ConfigMaps, object, { fieldManager, force });

    it('creates, and changes nothing when repeated', async () => {
      const first = await apply(bed.configMap('applied', { a: '1' }), 'alice');
      const again = await apply(bed.configMap('applied', { a: '1' }), 'alice');
      expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    it('keeps what others own, and removes what its owner no longer sends', async () => {
      await apply(bed.configMap('shared', { a: '1', b: '1' }), 'alice');
      await apply(bed.configMap('shared', { c: '1' }), 'bob');
      expect((await apply(bed.configMap('shared', { a: '1' }), 'alice')).data).toEqual({ a: '1', c: '1' });
    });

    it('refuses to overwrite what somebody else owns, unless forced', async () => {
      await apply(bed.configMap('fought', { a: '1' }), 'alice');
      const error = await refusal(apply(bed.configMap('fought', { a: '2' }), 'bob'));
      expect(error).toMatchObject({ status: 409, reason: 'Conflict' });
      expect(error.message).toContain('conflict with "alice"');
      expect(error.message).toContain('.data.a');
      expect((await apply(bed.configMap('fought', { a: '2' }), 'bob', true)).data).toEqual({ a: '2' });
    });

    it('says in a dry run what it would do, and stores nothing', async () => {
      const trial = { fieldManager: 'alice', dryRun: true };
      const created = await bed.cluster.apply(ConfigMaps, bed.configMap('tried', { a: '1' }), trial);
      expect(created.data).toEqual({ a: '1' });
      expect((await refusal(bed.cluster.get(ConfigMaps, bed.key('tried')))).status).toBe(404);
      await apply(bed.configMap('tried', { a: '1', b: '1' }), 'alice');
      const changed = await bed.cluster.apply(ConfigMaps, bed.configMap('tried', { a: '2' }), trial);
      expect(changed.data).toEqual({ a: '2' });
      expect((await bed.cluster.get(ConfigMaps, bed.key('tried'))).data).toEqual({ a: '1', b: '1' });
    });

    it('shares a field on which both agree', async () => {
      await apply(bed.configMap('agreed', { a: '1' }), 'alice');
      await apply(bed.configMap('agreed', { a: '1' }), 'bob');
      expect((await apply(bed.configMap('agreed', {}), 'alice')).data).toEqual({ a: '1' });
    });

    it('respects what a plain write has changed', async () => {
      await apply(bed.configMap('edited', { a: '1' }), 'alice');
      await bed.cluster.patch(ConfigMaps, bed.key('edited'), 'merge', { data: { a: '2' } });
      expect((await refusal(apply(bed.configMap('edited', { a: '1' }), 'alice'))).status).toBe(409);
    });

    it('merges containers by name', async () => {
      await bed.cluster.apply(Deployments, bed.deployment('merged'), { fieldManager: 'alice' });
      const sidecar = bed.deployment('merged');
      sidecar.spec.template.spec.containers = [{ name: 'sidecar', image: 'example.com/sidecar:1' }];
      const merged = await bed.cluster.apply(Deployments, sidecar, { fieldManager: 'bob' });
      expect(merged.spec.template.spec.containers.map(({ name: container }) => container)).toEqual([
        'app',
        'sidecar',
      ]);
    });
  });
}
