import type { KubeObject } from '../../lib/api/kinds.js';
import { ApiError } from '../../lib/ports/cluster.js';
import { createStage, definition, type Stage } from './stage.js';

const things = (versions: readonly string[]) => definition('example.com', 'Thing', 'things', versions);
const thing = (version: string): KubeObject => ({
  apiVersion: `example.com/${version}`,
  kind: 'Thing',
  metadata: { name: 'a', namespace: 'default' },
});

/** From the next change of a definition on the server takes two seconds to serve v2, as a real one does. */
function serveLate({ world: { cluster, clock } }: Stage): void {
  const { apply, kinds } = cluster;
  let servedFrom = Number.POSITIVE_INFINITY;
  cluster.kinds = async (...asked) =>
    (await kinds.apply(cluster, asked)).filter(
      ({ version }) => version !== 'v2' || clock.now() >= servedFrom,
    );
  cluster.apply = async (kind, object, options) => {
    if (kind.version === 'v2' && clock.now() < servedFrom)
      throw new ApiError(404, 'NotFound', 'no such kind');
    const answer = await apply.call(cluster, kind, object, options);
    if (object.kind === 'CustomResourceDefinition' && !options.dryRun) servedFrom = clock.now() + 2000;
    return answer as typeof object;
  };
}

test.each([
  ['new', []],
  ['changed', [things(['v1'])]],
])('the objects of a definition that is %s wait until the API server serves it', async (_, before) => {
  const stage = createStage();
  await stage.deploy(before);
  serveLate(stage);
  await stage.deploy([things(['v1', 'v2']), thing('v2')]);
  expect(stage.told.at(-1)).toBe('create Thing a');
});
