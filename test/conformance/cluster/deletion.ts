import { ConfigMaps } from '../../../lib/api/workloads.js';
import { ApiError } from '../../../lib/ports/cluster.js';
import { type ClusterBed, refusal } from './bed.js';

export function deletionCases(bed: ClusterBed): void {
  describe('deletion', () => {
    it('collects what its owner leaves behind', async () => {
      const { metadata } = await bed.cluster.create(ConfigMaps, bed.configMap('owner'));
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid! }];
      const owned = bed.configMap('owned');
      await bed.cluster.create(ConfigMaps, { ...owned, metadata: { ...owned.metadata, ownerReferences } });
      await bed.cluster.delete(ConfigMaps, bed.key('owner'));
      await bed.eventually(
        () =>
          bed.cluster.get(ConfigMaps, bed.key('owned')).then(
            () => false,
            (error: unknown) => error instanceof ApiError && error.status === 404,
          ),
        60_000,
      );
    });

    it('waits for the finalizers', async () => {
      const held = bed.configMap('held');
      held.metadata.finalizers = ['conformance.perch.dev/hold'];
      await bed.cluster.create(ConfigMaps, held);
      await bed.cluster.delete(ConfigMaps, bed.key('held'));
      expect((await bed.cluster.get(ConfigMaps, bed.key('held'))).metadata.deletionTimestamp).toBeDefined();
      await bed.cluster.patch(ConfigMaps, bed.key('held'), 'merge', { metadata: { finalizers: null } });
      expect((await refusal(bed.cluster.get(ConfigMaps, bed.key('held')))).status).toBe(404);
    });

    it('answers 404 for a second deletion', async () => {
      await bed.cluster.create(ConfigMaps, bed.configMap('gone'));
      await bed.cluster.delete(ConfigMaps, bed.key('gone'));
      expect((await refusal(bed.cluster.delete(ConfigMaps, bed.key('gone')))).status).toBe(404);
    });
  });
}
