import { requestsBetween, traffic } from '../../../lib/sim/models/traffic.js';
import fc from '../../property.js';

const host = 'app.example.com';

describe('traffic', () => {
  it('sums to the same however the time is cut', () => {
    const cuts = fc.array(fc.nat(60_000), { maxLength: 20 });
    fc.assert(
      fc.property(cuts, fc.double({ min: 0.1, max: 500, noNaN: true }), (inner, rps) => {
        const [source] = traffic.steady({ rps, host });
        const times = [0, ...inner.toSorted((a, b) => a - b), 60_000];
        let sum = 0;
        for (let index = 1; index < times.length; index++)
          sum += requestsBetween(source!, times[index - 1]!, times[index]!);
        expect(sum).toBe(requestsBetween(source!, 0, 60_000));
        expect(Math.abs(sum - rps * 60)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('of a burst is there while it lasts, and of nobody never', () => {
    const [burst] = traffic.burst({ rps: 10, host, startMs: 5000, durationMs: 2000 });
    expect(requestsBetween(burst!, 0, 5000)).toBe(0);
    expect(requestsBetween(burst!, 0, 6000)).toBe(10);
    expect(requestsBetween(burst!, 0, 60_000)).toBe(20);
    expect(traffic.none()).toEqual([]);
  });
});
