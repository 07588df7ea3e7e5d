import type { Canary } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import type { Router, RouterCapabilities, Routes } from '../../lib/ports/router.js';
import type { MemoryObjects } from './memoryObjects.js';
import { clearRouterObjects, leaveRouterObjects } from './routerObjects.js';

export interface Request {
  readonly headers: Readonly<Record<string, string>>;
}

/** A router with a world for it. */
export interface RouterBench {
  readonly router: Router;
  readonly objects: MemoryObjects;
  /** A canary without `analysis.match`. */
  readonly canary: Canary;
  /** The same with `analysis.match` on header `x-canary: insider`. */
  readonly abCanary: Canary;
  /** Percent of requests like this one that the canary's Service gets, read from the objects as the data plane does. */
  canaryShare(request: Request): number;
  /** Every routing object that the router is to make. */
  routingObjects(): readonly (KubeObject | undefined)[];
  /** Somebody else sets another weight. */
  meddle(): void;
}

/** What a variant cannot do, and why. */
export interface RouterGaps {
  readonly unsupported: readonly (keyof RouterCapabilities)[];
  readonly reason: string;
  /** Why what it makes cannot be owned by the Canary, and goes by finalize alone. @default - it is owned */
  readonly unowned?: string;
}

const nothing: RouterGaps = { unsupported: [], reason: '' };
const anybody: Request = { headers: {} };

/** What every router must do, whatever it writes. */
export function routerConformance(name: string, make: () => RouterBench, gaps: RouterGaps = nothing): void {
  const lacks = (capability: keyof RouterCapabilities): boolean => gaps.unsupported.includes(capability);

  describe(`router ${name} as every router`, () => {
    afterEach(clearRouterObjects);
    afterAll(leaveRouterObjects);

    test('says what it can do as the gaps given to this suite say', () => {
      const { router, canary } = make();
      expect({ sessionAffinity: false, ...router.capabilities(canary) }).toMatchObject({
        weights: !lacks('weights'),
        abTest: !lacks('abTest'),
        mirror: !lacks('mirror'),
        sessionAffinity: !lacks('sessionAffinity'),
      });
    });

    test('a first sync makes what must exist and sends nobody to the canary', async () => {
      const bench = make();
      const { found } = await bench.router.sync(bench.canary, split(0));
      expect(found).toBeUndefined();
      expect(bench.routingObjects()).not.toContain(undefined);
      expect(bench.canaryShare(anybody)).toBe(0);
    });

    test('a second sync of the same writes nothing', async () => {
      const bench = make();
      for (const weight of lacks('weights') ? [0, 100] : [0, 30, 100]) {
        await bench.router.sync(bench.canary, split(weight));
        const { writes } = bench.objects;
        const { changed } = await bench.router.sync(bench.canary, split(weight));
        expect({ changed, writes: bench.objects.writes }).toEqual({ changed: false, writes });
      }
    });

    test('finalize leaves nothing that needs a second one', async () => {
      const bench = make();
      await bench.router.sync(bench.canary, split(0));
      await bench.router.finalize(bench.canary);
      const { writes } = bench.objects;
      await bench.router.finalize(bench.canary);
      expect(bench.objects.writes).toBe(writes);
    });

    test('finalize leaves what was there before as it was', async () => {
      const bench = make();
      await bench.objects.settled();
      const before = bench.objects.others().map(withoutVersion);
      for (const weight of lacks('weights') ? [0, 100] : [0, 40]) {
        await bench.router.sync(bench.canary, split(weight));
      }
      await bench.router.finalize(bench.canary);
      expect(bench.objects.others().map(withoutVersion)).toEqual(before);
    });

    if (!lacks('weights')) weightsConformance(make);
    if (!lacks('abTest')) abTestConformance(make);
    if (!lacks('mirror')) mirrorConformance(make);
    if (!lacks('sessionAffinity')) affinityConformance(make);

    if (gaps.unowned) {
      test('what it makes goes with finalize', async () => {
        const bench = make();
        await bench.router.sync(bench.canary, split(0));
        await bench.router.finalize(bench.canary);
        expect(bench.routingObjects()).toEqual([]);
      });
      return;
    }

    test('what it makes belongs to the Canary and goes with it', async () => {
      const bench = make();
      await bench.router.sync(bench.canary, split(0));
      for (const object of bench.routingObjects()) {
        expect(object?.metadata.namespace).toBe(bench.canary.metadata.namespace);
        expect(object?.metadata.ownerReferences).toEqual([
          {
            apiVersion: 'flagger.app/v1beta1',
            kind: 'Canary',
            name: bench.canary.metadata.name,
            uid: bench.canary.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ]);
      }
    });
  });
}

function weightsConformance(make: () => RouterBench): void {
  test('every weight from 0 to 100 is sent and read back', async () => {
    const bench = make();
    for (let weight = 0; weight <= 100; weight += 1) {
      await bench.router.sync(bench.canary, split(weight));
      const { found } = await bench.router.sync(bench.canary, split(weight));
      expect({ found, share: bench.canaryShare(anybody) }).toEqual({ found: split(weight), share: weight });
    }
  });

  test('one change of weight is one write', async () => {
    const bench = make();
    await bench.router.sync(bench.canary, split(10));
    const { writes } = bench.objects;
    await bench.router.sync(bench.canary, split(20));
    expect(bench.objects.writes).toBe(writes + 1);
  });

  test('somebody else’s weight is put right, and reported', async () => {
    const bench = make();
    await bench.router.sync(bench.canary, split(40));
    bench.meddle();
    const { found, changed } = await bench.router.sync(bench.canary, split(40));
    expect(found).not.toEqual(split(40));
    expect({ changed, share: bench.canaryShare(anybody) }).toEqual({ changed: true, share: 40 });
  });

  test('weight 0 leaves the objects as they were made', async () => {
    const bench = make();
    await bench.router.sync(bench.canary, split(0));
    const made = bench.routingObjects().map(withoutVersion);
    await bench.router.sync(bench.canary, split(50));
    await bench.router.sync(bench.canary, split(0));
    expect(bench.routingObjects().map(withoutVersion)).toEqual(made);
  });
}

function abTestConformance(make: () => RouterBench): void {
  test('an A/B test sends all who match to the canary, and nobody else', async () => {
    const bench = make();
    await bench.router.sync(bench.abCanary, split(0));
    expect(bench.canaryShare({ headers: { 'x-canary': 'insider' } })).toBe(0);
    await bench.router.sync(bench.abCanary, split(100));
    expect(bench.canaryShare({ headers: { 'x-canary': 'insider' } })).toBe(100);
    expect(bench.canaryShare({ headers: { 'x-canary': 'stranger' } })).toBe(0);
    expect(bench.canaryShare(anybody)).toBe(0);
    const { found, changed } = await bench.router.sync(bench.abCanary, split(100));
    expect({ found, changed }).toEqual({ found: split(100), changed: false });
  });

  test('after an A/B test nobody is sent to the canary', async () => {
    const bench = make();
    await bench.router.sync(bench.abCanary, split(100));
    await bench.router.sync(bench.abCanary, split(0));
    expect(bench.canaryShare({ headers: { 'x-canary': 'insider' } })).toBe(0);
  });

  test('an A/B test that becomes a release by weights leaves nobody of those who matched behind', async () => {
    const bench = make();
    await bench.router.sync(bench.abCanary, split(100));
    for (const weight of [30, 0]) {
      await bench.router.sync(bench.canary, split(weight));
      expect(bench.canaryShare({ headers: { 'x-canary': 'insider' } })).toBe(weight);
      expect(bench.canaryShare(anybody)).toBe(weight);
    }
  });

  test('in a release by weights nobody looks at a match', async () => {
    const bench = make();
    Object.assign(bench.canary.spec.analysis, { match: bench.abCanary.spec.analysis.match });
    await bench.router.sync(bench.canary, split(30));
    expect([bench.canaryShare({ headers: { 'x-canary': 'insider' } }), bench.canaryShare(anybody)]).toEqual([
      30, 30,
    ]);
    const { found, changed } = await bench.router.sync(bench.canary, split(30));
    expect({ found, changed }).toEqual({ found: split(30), changed: false });
  });
}

function mirrorConformance(make: () => RouterBench): void {
  test('copies go to the canary while they are wanted, and answers come from the primary alone', async () => {
    const bench = make();
    Object.assign(bench.canary.spec.analysis, { mirror: true });
    await bench.router.sync(bench.canary, split(0));
    const made = bench.routingObjects().map(withoutVersion);
    const mirrored = { primary: 100, canary: 0, mirrored: true };
    await bench.router.sync(bench.canary, mirrored);
    expect(bench.routingObjects().map(withoutVersion)).not.toEqual(made);
    expect(bench.canaryShare(anybody)).toBe(0);
    expect(await bench.router.sync(bench.canary, mirrored)).toEqual({ found: mirrored, changed: false });
    await bench.router.sync(bench.canary, split(0));
    expect(bench.routingObjects().map(withoutVersion)).toEqual(made);
  });
}

function affinityConformance(make: () => RouterBench): void {
  test('who has the canary’s cookie stays on it while it gets requests, and is let go afterwards', async () => {
    const bench = make();
    const cookie = 'tester=abcdefghij';
    Object.assign(bench.canary.spec.analysis, { sessionAffinity: { cookieName: 'tester' } });
    bench.canary.status = { ...bench.canary.status, sessionAffinityCookie: cookie } as Canary['status'];
    const served: Request = { headers: { Cookie: cookie, cookie } };
    await bench.router.sync(bench.canary, split(0));
    expect(bench.canaryShare(served)).toBe(0);
    await bench.router.sync(bench.canary, split(30));
    expect([bench.canaryShare(served), bench.canaryShare(anybody)]).toEqual([100, 30]);
    const { found, changed } = await bench.router.sync(bench.canary, split(30));
    expect({ found, changed }).toEqual({ found: split(30), changed: false });
    await bench.router.sync(bench.canary, split(0));
    expect(bench.canaryShare(served)).toBe(0);
  });
}

/** Routes that give the canary so many percent. */
export function split(canary: number): Routes {
  return { primary: 100 - canary, canary, mirrored: false };
}

function withoutVersion(object: KubeObject | undefined): unknown {
  return { ...object, metadata: { ...object?.metadata, resourceVersion: '', generation: 0 }, status: {} };
}
