import { ConfigMaps, Services } from '../../../lib/api/workloads.js';
import { type ClusterBed, summary } from './bed.js';

export function watchCases(bed: ClusterBed): void {
  describe('watch', () => {
    it('tells what happened after the version it was given, in order', async () => {
      await bed.cluster.create(ConfigMaps, bed.configMap('before'));
      const { resourceVersion } = await bed.cluster.list(ConfigMaps, { namespace: bed.namespace });
      await bed.cluster.create(ConfigMaps, bed.configMap('seen', { n: '1' }));
      const { events, ended, stop } = bed.watchConfigMaps(resourceVersion);
      await bed.cluster.patch(ConfigMaps, bed.key('seen'), 'merge', { data: { n: '2' } });
      await bed.cluster.delete(ConfigMaps, bed.key('seen'));
      await bed.eventually(() => summary(events).length >= 3, 10_000);
      expect(summary(events)).toEqual(['ADDED seen 1', 'MODIFIED seen 2', 'DELETED seen 2']);
      stop();
      await ended;
    });

    it('gives versions that only grow, the one of a deletion included', async () => {
      const { resourceVersion } = await bed.cluster.list(ConfigMaps, { namespace: bed.namespace });
      const { events, ended, stop } = bed.watchConfigMaps(resourceVersion);
      await bed.cluster.create(ConfigMaps, bed.configMap('growing'));
      await bed.cluster.delete(ConfigMaps, bed.key('growing'));
      await bed.eventually(() => summary(events).length >= 2, 10_000);
      const versions = events.map((event) =>
        Number(event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion),
      );
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(new Set(versions).size).toBe(versions.length);
      stop();
      await ended;
    });

    it('says by a bookmark how far it has come', async () => {
      const { resourceVersion } = await bed.cluster.list(ConfigMaps, { namespace: bed.namespace });
      const { events, ended, stop } = bed.watchConfigMaps(resourceVersion);
      const { metadata } = await bed.cluster.create(Services, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'elsewhere', namespace: bed.namespace },
        spec: { ports: [{ port: 80 }] },
      });
      const reached = () =>
        events.some(
          (event) =>
            event.type === 'BOOKMARK' &&
            BigInt(event.resourceVersion) >= BigInt(metadata.resourceVersion ?? ''),
        );
      await bed.eventually(reached, 130_000);
      expect(reached()).toBe(true);
      stop();
      await ended;
    });

    it('refuses a version that it has forgotten with 410', async () => {
      if (!bed.test.compact) return;
      const { resourceVersion } = await bed.cluster.list(ConfigMaps, { namespace: bed.namespace });
      await bed.cluster.create(ConfigMaps, bed.configMap('later'));
      await bed.test.compact();
      const { ended } = bed.watchConfigMaps(resourceVersion);
      expect(await ended).toMatchObject({ status: 410, reason: 'Expired' });
    });

    it('tells of one object alone when its name is asked for', async () => {
      const only = { namespace: bed.namespace, name: 'one' };
      await bed.cluster.create(ConfigMaps, bed.configMap('one', { n: '1' }));
      await bed.cluster.create(ConfigMaps, bed.configMap('another'));
      const { items, resourceVersion } = await bed.cluster.list(ConfigMaps, only);
      expect(items.map(({ metadata }) => metadata.name)).toEqual(['one']);
      const { events, ended, stop } = bed.watchConfigMaps(resourceVersion, only);
      await bed.cluster.patch(ConfigMaps, bed.key('another'), 'merge', { data: { n: '2' } });
      await bed.cluster.patch(ConfigMaps, bed.key('one'), 'merge', { data: { n: '2' } });
      await bed.cluster.delete(ConfigMaps, bed.key('one'));
      await bed.eventually(() => summary(events).length >= 2, 10_000);
      expect(summary(events)).toEqual(['MODIFIED one 2', 'DELETED one 2']);
      stop();
      await ended;
    });

    it('resolves when it is aborted', async () => {
      const { resourceVersion } = await bed.cluster.list(ConfigMaps, { namespace: bed.namespace });
      const { ended, stop } = bed.watchConfigMaps(resourceVersion);
      stop();
      expect(await ended).toBeUndefined();
    });

    it('shows no data when only metadata is asked for', async () => {
      await bed.cluster.create(ConfigMaps, bed.configMap('hidden', { password: 'x' }));
      const { items } = await bed.cluster.list(ConfigMaps, { namespace: bed.namespace, metadataOnly: true });
      const found = items.find(({ metadata }) => metadata.name === 'hidden');
      expect(found?.metadata.uid).toBeDefined();
      expect(found?.data).toBeUndefined();
    });
  });
}
