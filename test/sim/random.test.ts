import { binomial } from '../../lib/sim/chance.js';
import { SeededRandom } from '../../lib/sim/random.js';

const draw = (random: SeededRandom, count: number) => Array.from({ length: count }, () => random.next());

describe('seeded chance', () => {
  it('repeats itself with the same seed, and only then', () => {
    expect(draw(new SeededRandom('a'), 5)).toEqual(draw(new SeededRandom('a'), 5));
    expect(draw(new SeededRandom('a'), 5)).not.toEqual(draw(new SeededRandom('b'), 5));
  });

  it('is even over [0, 1)', () => {
    const values = draw(new SeededRandom(3), 20_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1);
  });

  it('gives each part of the world numbers of its own', () => {
    const random = new SeededRandom(1);
    const alone = draw(new SeededRandom(1).fork('pods'), 3);
    draw(random.fork('requests'), 100);
    expect(draw(random.fork('pods'), 3)).toEqual(alone);
  });

  it('makes UUIDs of version 4', () => {
    expect(new SeededRandom(1).uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('counts successes within the bounds, near the mean, for few and for many trials', () => {
    const random = new SeededRandom(5);
    for (const [trials, probability] of [
      [10, 0.5],
      [5000, 0.3],
      [100_000, 0.0001],
    ] as const) {
      const counts = Array.from({ length: 200 }, () => binomial(random, trials, probability));
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
      const deviation = Math.sqrt(trials * probability * (1 - probability));
      expect(Math.abs(mean - trials * probability)).toBeLessThan((4 * deviation) / Math.sqrt(200));
      expect(counts.every((count) => count >= 0 && count <= trials)).toBe(true);
    }
    expect([binomial(random, 10, 0), binomial(random, 10, 1)]).toEqual([0, 10]);
  });
});
