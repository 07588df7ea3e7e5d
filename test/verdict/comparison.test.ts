import { binomial } from '../../lib/sim/chance.js';
import { SeededRandom } from '../../lib/sim/random.js';
import {
  type ComparisonOptions,
  type Evidence,
  mostSuspicious,
  noEvidence,
  verdictOf,
  verdictOfAll,
  weigh,
} from '../../lib/verdict/comparison.js';
import { dispersionOf } from '../../lib/verdict/dispersion.js';
import fc from '../property.js';

interface Case {
  readonly canary: number;
  readonly primary: (look: number) => number;
  readonly looks: number;
  readonly options?: ComparisonOptions;
}

/** Looks at 50 requests of the canary and 450 of the primary at a time; the verdict, and after how many looks. */
function compare(random: SeededRandom, { canary, primary, looks, options = {} }: Case) {
  let evidence = noEvidence;
  for (let look = 1; look <= looks; look++) {
    const share = primary(look);
    const counts = (requests: number, bad: number) => ({ requests, bad: binomial(random, requests, bad) });
    evidence = weigh(evidence, counts(50, share * canary), counts(450, share), options);
    const verdict = verdictOf(evidence, options);
    if (verdict === 'worse') return { verdict, look };
  }
  return { verdict: verdictOf(evidence, options), look: looks };
}

function share(cases: number, test: Case, wanted: string): number {
  const random = new SeededRandom(7);
  const found = Array.from({ length: cases }, () => compare(random, test).verdict);
  return found.filter((verdict) => verdict === wanted).length / cases;
}

describe('the comparison of canary and primary', () => {
  it('calls a healthy version worse no more often than it may, however often it looks', () => {
    expect(share(500, { canary: 1, primary: () => 0.01, looks: 360 }, 'worse')).toBeLessThan(0.01);
  });

  it('is not moved by what befalls both versions', () => {
    const bad = { canary: 1, primary: (look: number) => (look > 100 ? 0.2 : 0.001), looks: 200 };
    expect(share(500, bad, 'worse')).toBeLessThan(0.01);
  });

  it('finds a version that is five times as bad, and within a minute one that is twenty times as bad', () => {
    expect(share(300, { canary: 5, primary: () => 0.001, looks: 180 }, 'worse')).toBeGreaterThan(0.98);
    const random = new SeededRandom(9);
    const looks = Array.from({ length: 301 }, () =>
      compare(random, { canary: 20, primary: () => 0.001, looks: 360 }),
    ).map(({ look }) => look);
    expect(looks.sort((a, b) => a - b)[150]).toBeLessThanOrEqual(5);
  });

  it('lets pass what is tolerated, and says of a good version that it is not worse', () => {
    const options = { tolerance: 3 };
    expect(share(250, { canary: 2.5, primary: () => 0.01, looks: 200, options }, 'worse')).toBeLessThan(0.01);
    expect(share(100, { canary: 1, primary: () => 0.02, looks: 360 }, 'notWorse')).toBeGreaterThan(0.95);
  });

  const counts = fc
    .integer({ min: 1, max: 1000 })
    .chain((requests) =>
      fc.record({ requests: fc.constant(requests), bad: fc.integer({ min: 0, max: requests }) }),
    );

  it('grows more suspicious with each bad request of the canary, less with each of the primary', () => {
    fc.assert(
      fc.property(counts, counts, (canary, primary) => {
        const { worse } = weigh(noEvidence, canary, primary);
        const more = weigh(noEvidence, { ...canary, bad: canary.bad + 1 }, primary).worse;
        const less = weigh(noEvidence, canary, { ...primary, bad: primary.bad + 1 }).worse;
        worse.forEach((log, at) => {
          expect(more[at]).toBeGreaterThan(log);
          expect(less[at]).toBeLessThan(log);
        });
      }),
    );
  });

  it('expects no growth of a healthy version, whatever the shares of traffic (it is a martingale)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (own, others) => {
        const of = (canary: number) =>
          weigh(noEvidence, { requests: own, bad: canary }, { requests: others, bad: 1 - canary }).worse;
        const likely = own / (own + others);
        const [canarys, primarys] = [of(1), of(0)];
        canarys.forEach((log, at) => {
          expect(likely * Math.exp(log) + (1 - likely) * Math.exp(primarys[at]!)).toBeCloseTo(1);
        });
      }),
    );
  });

  it('learns nothing where nobody asked one of the two', () => {
    const some = { requests: 10, bad: 3 };
    const none = { requests: 0, bad: 0 };
    expect(weigh(noEvidence, none, some)).toBe(noEvidence);
    expect(weigh(noEvidence, some, none)).toBe(noEvidence);
  });
});

describe('several questions about one version', () => {
  const asked = (random: SeededRandom, canary: readonly number[], primary: readonly number[]): Evidence[] => {
    let evidences: Evidence[] = canary.map(() => noEvidence);
    for (let look = 0; look < 60; look++) {
      evidences = evidences.map((evidence, at) => {
        const of = (requests: number, share: number) => ({
          requests,
          bad: binomial(random, requests, share),
        });
        return weigh(evidence, of(50, canary[at]!), of(450, primary[at]!));
      });
    }
    return evidences;
  };
  const usual = [0.5, 0.1, 0.01];

  it('find the one that tells that a version is slower, whichever it is', () => {
    const random = new SeededRandom(5);
    for (const slower of [
      [0.75, 0.1, 0.01],
      [0.5, 0.25, 0.01],
      [0.5, 0.1, 0.08],
    ]) {
      const evidences = asked(random, slower, usual);
      expect(verdictOfAll(evidences, [0, 1, 2], { of: 'slowness' })).toBe('worse');
      const at = slower.findIndex((share, index) => share !== usual[index]);
      expect(mostSuspicious(evidences, { of: 'slowness' })).toBe(at);
    }
  });

  it('are wrong no more often together than one alone, and say not worse only when each does', () => {
    const random = new SeededRandom(6);
    const found = Array.from({ length: 300 }, () =>
      verdictOfAll(asked(random, usual, usual), [0, 1], { of: 'slowness' }),
    );
    expect(found.filter((verdict) => verdict === 'worse').length).toBeLessThanOrEqual(3);
    expect(found).toContain('notWorse');
    expect(verdictOfAll([noEvidence, noEvidence], [])).toBe('undecided');
  });
});

describe('the dispersion of counts', () => {
  const spans = (counts: readonly number[]) => counts.map((bad) => ({ requests: 450, bad }));

  it('is 1 by chance alone, and more when bad requests come in runs', () => {
    const random = new SeededRandom(3);
    const single = Array.from({ length: 360 }, () => binomial(random, 450, 0.01));
    expect(dispersionOf(spans(single))).toBe(1);
    expect(dispersionOf(spans(single.map((count) => 2 * count)))).toBeGreaterThan(1.6);
    expect(dispersionOf(spans([5, 0, 9]))).toBe(1);
    expect(dispersionOf(spans(Array(60).fill(0)))).toBe(1);
  });

  it('is more when a bad span is followed by a bad one, and not when there were only more requests', () => {
    const random = new SeededRandom(4);
    let last = 0;
    const lasting = Array.from({ length: 360 }, () => {
      last = binomial(random, last, 0.5) + binomial(random, 450, 0.005);
      return last;
    });
    expect(dispersionOf(spans(lasting))).toBeGreaterThan(2);
    const busy = Array.from({ length: 360 }, (_, at) => {
      const requests = at < 180 ? 100 : 1000;
      return { requests, bad: binomial(random, requests, 0.01) };
    });
    expect(dispersionOf(busy)).toBe(1);
  });
});
