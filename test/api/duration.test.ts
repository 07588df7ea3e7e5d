import { formatDuration, parseDuration, readDuration } from '../../lib/api/duration.js';
import { PerchError } from '../../lib/api/errors.js';
import fc from '../property.js';

// What Go's time.ParseDuration and time.Duration.String answer.
const readings: readonly [string, number][] = [
  ['0', 0],
  ['0s', 0],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['5.s', 5_000],
  ['250ms', 250],
  ['+10s', 10_000],
  ['-1m', -60_000],
  ['100us', 0.1],
  ['100µs', 0.1],
  ['100μs', 0.1],
  ['1ns', 0.000001],
  ['1h2m3.004s', 3_723_004],
  ['2562047h47m16.854775807s', 9_223_372_036_854.775],
];

const printings: readonly [number, string][] = [
  [0, '0s'],
  [0.000001, '1ns'],
  [0.0011, '1.1µs'],
  [2.2, '2.2ms'],
  [150, '150ms'],
  [1_000, '1s'],
  [1_515, '1.515s'],
  [60_000, '1m0s'],
  [90_500, '1m30.5s'],
  [3_600_000, '1h0m0s'],
  [3_723_004, '1h2m3.004s'],
  [-60_000, '-1m0s'],
];

const unit = fc.constantFrom('ns', 'us', 'ms', 's', 'm', 'h');

test.each(readings)('%s is read as %d ms', (text, ms) => {
  expect(readDuration(text)).toBeCloseTo(ms, 2);
});

test.each(['', ' ', '10', '3000', '.s', '-', '1 s', '10sec', 's', '1d', '1m 30s', '1e3s', '2562047h47m17s'])(
  '%j is no duration',
  (text) => {
    expect(readDuration(text)).toBeUndefined();
  },
);

test('a text that is no duration is refused with its place and what to write', () => {
  const attempt = () => parseDuration('10sec', 'spec.analysis.interval');
  expect(attempt).toThrow(PerchError);
  expect(attempt).toThrow('expected a duration such as 30s, 1m30s or 1h, got "10sec"');
  expect(attempt).toThrow(
    expect.objectContaining({ code: 'API_INVALID_DURATION', path: 'spec.analysis.interval' }),
  );
});

test.each(printings)('%d ms is printed as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('what is printed is read as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ms) => {
      expect(readDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

test('microseconds survive printing and reading', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (us) => {
      expect(readDuration(formatDuration(us / 1000))).toBe(us / 1000);
    }),
  );
});

test('a duration of parts is the sum of its parts', () => {
  const parts = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), unit), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, (given) => {
      const sum = given.reduce((total, [count, name]) => total + parseDuration(`${count}${name}`), 0);
      expect(parseDuration(given.map((part) => part.join('')).join(''))).toBeCloseTo(sum, 5);
    }),
  );
});

const nearly = fc.string({ unit: fc.constantFrom(...'0123456789.+-nuµμmsh e') });
const long = fc.tuple(nearly, fc.integer({ min: 1, max: 10_000 }), nearly);
const anyText = fc.oneof(
  nearly,
  fc.string({ unit: 'binary' }),
  long.map(([front, times, end]) => front.repeat(times) + end),
);

test('whatever is written is read as a number, or refused with what to write', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        const ms = parseDuration(text);
        expect(Number.isFinite(ms)).toBe(true);
        expect(ms < 0).toBe(text.startsWith('-') && ms !== 0);
      } catch (error) {
        expect(error).toMatchObject({
          code: 'API_INVALID_DURATION',
          remedy: expect.stringContaining('units'),
        });
      }
    }),
    { numRuns: 1000 },
  );
});

// one that took time by the square of the length would hold the controller up for most of an hour
test.each(['1', '1.', '.1'])(
  'a text that is as long as a Canary may be is refused at once, of %p',
  (begin) => {
    expect(readDuration(begin + '1'.repeat(1_000_000))).toBeUndefined();
  },
);

test('a sign turns a duration round', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), unit, (count, name) => {
      expect(parseDuration(`-${count}${name}`)).toBe(-parseDuration(`${count}${name}`));
    }),
  );
});
