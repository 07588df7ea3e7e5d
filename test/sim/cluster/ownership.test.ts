import { ConfigMaps } from '../../../lib/api/workloads.js';
import { createWorld } from '../../../lib/sim/world.js';

const key = { namespace: 'default', name: 'one' };

/** Managed fields after 250 writes by two managers; `asks`: somebody looks at them after each write. */
async function managedFields(asks: boolean): Promise<unknown> {
  const { cluster } = createWorld();
  const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...key }, data: { ours: '0' } };
  await cluster.apply(ConfigMaps, applied, { fieldManager: 'first' });
  // what a client does with its object afterwards is no business of the server's
  applied.data = {} as typeof applied.data;
  for (let write = 0; write < 250; write++) {
    const [ours, theirs] = [String(write % 7), write % 3 === 0 ? null : String(write)];
    const data = { ...(write % 50 === 49 && { ours }), theirs };
    if (asks) await cluster.get(ConfigMaps, key);
    await cluster.patch(ConfigMaps, key, 'merge', { data });
  }
  return (await cluster.get(ConfigMaps, key)).metadata.managedFields;
}

describe('who owns the fields of an object', () => {
  it('is the same whether somebody asked after each write, or only after many', async () => {
    const fields = await managedFields(false);
    expect(fields).toEqual(await managedFields(true));
    expect(fields).toMatchObject([
      { manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:data': { 'f:ours': {} } } },
    ]);
  });
});
