import type { AnalysisMatch, Canary } from '../../lib/api/canary.js';
import { routers } from '../../lib/routers/registry.js';
import { MemoryObjects } from '../conformance/memoryObjects.js';
import { split } from '../conformance/routers.js';
import { abTest, gatewayCanary } from './gatewayBench.js';
import { routerContext } from './routerContext.js';

const bySource: AnalysisMatch = { sourceLabels: { app: 'shop' } };
const byQuery: AnalysisMatch = { queryParams: { v: { exact: '2' } } };
const byHeader: AnalysisMatch = { headers: { 'x-canary': { exact: 'insider' } } };

function sync(provider: keyof typeof routers, match: AnalysisMatch[]) {
  const objects = new MemoryObjects();
  const canary: Canary = gatewayCanary(abTest(match), { meshName: 'global' });
  return routers[provider](routerContext(objects, provider)).sync(canary, split(100));
}

test.each([
  ['gatewayapi:v1', bySource],
  ['gatewayapi:v1beta1', bySource],
  ['contour', bySource],
  ['gloo', bySource],
  ['appmesh', byQuery],
  ['appmesh:v1beta2', byQuery],
] as const)(
  '%s: a match of which nothing can be looked at is not taken for every request',
  async (provider, match) => {
    await expect(sync(provider, [byHeader, match])).rejects.toMatchObject({
      code: 'ROUTER_MATCH_UNSUPPORTED',
      path: 'spec.analysis.match[1]',
      remedy: expect.stringContaining('would take every request'),
    });
  },
);

test('what is left of a match still chooses', async () => {
  await expect(sync('contour', [{ ...byHeader, ...bySource }])).resolves.toMatchObject({ changed: true });
});
