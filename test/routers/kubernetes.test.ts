import { routers } from '../../lib/routers/registry.js';
import { MemoryObjects } from '../conformance/memoryObjects.js';
import { routerConformance } from '../conformance/routers.js';
import { canaryWith } from './nginxBench.js';
import { routerContext } from './routerContext.js';

routerConformance(
  'kubernetes',
  () => {
    const objects = new MemoryObjects();
    return {
      router: routers.kubernetes(),
      objects,
      canary: canaryWith(),
      abCanary: canaryWith([{ headers: { 'x-canary': { exact: 'insider' } } }]),
      canaryShare: () => 0,
      routingObjects: () => [],
      meddle: () => {},
    };
  },
  {
    unsupported: ['weights', 'abTest', 'mirror', 'sessionAffinity'],
    reason: 'there is no routing object: the apex Service alone routes',
  },
);

test('every router of the registry is made from one context and names what it watches', () => {
  for (const [name, make] of Object.entries(routers)) {
    const router = make(routerContext(new MemoryObjects(), name));
    expect(Array.isArray(router.watches(canaryWith()))).toBe(true);
  }
});
