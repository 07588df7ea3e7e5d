import { traffic } from 'perch/testing';
import { requestsBetween } from '../../lib/sim/models/traffic.js';
import fc from '../property.js';

const midnight = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const target = { host: 'app.example.com' };
const sum = (model: ReturnType<typeof traffic.none>, from: number, to: number) =>
  model(target, midnight).reduce((total, source) => total + requestsBetween(source, from, to), 0);

describe('traffic', () => {
  it('waves between its lowest and its highest rate in the course of a day', () => {
    const wave = traffic.wave({ rps: 100, lowest: 20, peakAt: '14h' });
    const rate = (at: number) => sum(wave, midnight + at - 60_000, midnight + at + 60_000) / 120;
    expect(rate(14 * hour)).toBeCloseTo(100, 0);
    expect(rate(2 * hour)).toBeCloseTo(20, 0);
    expect(sum(wave, midnight, midnight + 24 * hour) / 86_400).toBeCloseTo(60, 1);
  });

  it('comes in bursts', () => {
    const bursts = traffic.bursts({ rps: 10, every: '10m', lasting: '1m' });
    expect(sum(bursts, midnight, midnight + 60_000)).toBe(600);
    expect(sum(bursts, midnight + 60_000, midnight + 600_000)).toBe(0);
    expect(sum(bursts, midnight, midnight + hour)).toBe(3600);
  });

  it('is the same in all however its time is cut', () => {
    const models = [
      traffic.all(traffic.steady({ rps: 3.3 }), traffic.bursts({ rps: 7, every: '3m', lasting: '70s' })),
      traffic.wave({ rps: 50, lowest: 0.5 }),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.nat(hour), fc.nat(hour), (model, first, second) => {
        const [middle, end] = [midnight + first, midnight + first + second];
        expect(sum(model, midnight, middle) + sum(model, middle, end)).toBe(sum(model, midnight, end));
      }),
    );
  });
});
