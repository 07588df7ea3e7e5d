import { writeProgram } from '../../lib/migrate/code/program.js';
import { manifestOf, takeInventory } from '../../lib/migrate/inventory.js';
import { createWorld } from '../../lib/sim/world.js';
import { namespace, podinfo } from '../sim/podinfo.js';

const stranger = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'stranger', namespace },
  spec: {
    selector: { matchLabels: { app: 'stranger' } },
    template: {
      metadata: { labels: { app: 'stranger' } },
      spec: { containers: [{ name: 'a', image: 'a:1' }] },
    },
  },
};

describe('what is read from a cluster', () => {
  it('is what canaries name, and no stranger', async () => {
    const world = createWorld();
    world.apply([...podinfo(), stranger]);
    const found = await takeInventory(world.cluster, undefined);
    expect(found.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      expect.arrayContaining(['Deployment podinfo', 'Ingress podinfo', 'Canary podinfo']),
    );
    expect(found.map(({ metadata }) => metadata.name)).not.toContain('stranger');
    const program = writeProgram(found.map(manifestOf), {
      namespace,
      meshProvider: 'nginx',
      metricsServer: 'http://prometheus:9090',
    });
    expect(program).toMatch(/new CanaryRelease|new CanaryApp/);
    expect(program).not.toMatch(/resourceVersion|status: \{|as it is, since/);
  });

  it('is the manifest that was applied, where kubectl kept it', () => {
    const applied = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a' },
      spec: { replicas: 3 },
    };
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied) };
    const live = { ...applied, metadata: { name: 'a', uid: '1', annotations }, spec: { replicas: 0 } };
    expect(manifestOf(live)).toEqual(applied);
  });

  it('has no replicas of a target: Flagger scaled it to zero', () => {
    expect(manifestOf({ ...stranger, spec: { ...stranger.spec, replicas: 0 } } as never)).toEqual({
      ...stranger,
      metadata: { ...stranger.metadata, annotations: {} },
    });
  });
});
