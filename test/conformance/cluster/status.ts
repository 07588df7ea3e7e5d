import { Deployments } from '../../../lib/api/workloads.js';
import { type ClusterBed, Gadgets, refusal } from './bed.js';

export function statusCases(bed: ClusterBed): void {
  describe('generation and status', () => {
    it('counts changes of the spec only', async () => {
      const created = await bed.cluster.create(Deployments, bed.deployment('counted'));
      expect(created.metadata.generation).toBe(1);
      const labelled = await bed.cluster.patch(Deployments, bed.key('counted'), 'merge', {
        metadata: { labels: { x: 'y' } },
      });
      expect(labelled.metadata.generation).toBe(1);
      const changed = await bed.cluster.patch(Deployments, bed.key('counted'), 'merge', {
        spec: { paused: true },
      });
      expect(changed.metadata.generation).toBe(2);
    });

    it('writes the status by its own path only', async () => {
      await bed.serveGadgets();
      const created = await bed.cluster.create(Gadgets, {
        ...bed.gadget('split', { size: 1 }),
        status: { state: 'lost' },
      });
      expect(created.status).toBeUndefined();
      const reported = await bed.cluster.updateStatus(Gadgets, {
        ...created,
        spec: { size: 99 },
        status: { state: 'up' },
      });
      expect(reported).toMatchObject({
        spec: { size: 1 },
        status: { state: 'up' },
        metadata: { generation: 1 },
      });
      const respecified = await bed.cluster.update(Gadgets, {
        ...reported,
        spec: { size: 2 },
        status: { state: 'down' },
      });
      expect(respecified).toMatchObject({
        spec: { size: 2 },
        status: { state: 'up' },
        metadata: { generation: 2 },
      });
    });

    it('locks the status by the version of the whole object', async () => {
      await bed.serveGadgets();
      const created = await bed.cluster.create(Gadgets, bed.gadget('raced', { size: 1 }));
      await bed.cluster.update(Gadgets, { ...created, spec: { size: 2 } });
      expect(
        (await refusal(bed.cluster.updateStatus(Gadgets, { ...created, status: { state: 'up' } }))).status,
      ).toBe(409);
    });
  });
}
