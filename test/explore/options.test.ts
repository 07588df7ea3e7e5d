import { PerchError } from '../../lib/api/errors.js';
import { help, readOptions } from './options.js';

const refusal = (...argv: string[]) => {
  try {
    return readOptions(argv);
  } catch (error) {
    return error instanceof PerchError ? [error.code, error.message] : error;
  }
};

describe('the options of npm run explore', () => {
  it('are two minutes of seed 1 with a worker for each core', () => {
    expect(readOptions([])).toMatchObject({
      seconds: 120,
      schedules: Number.POSITIVE_INFINITY,
      seed: 1,
      findings: 1,
      random: false,
      json: false,
    });
    expect(readOptions([]).workers).toBeGreaterThanOrEqual(1);
  });

  it('end by a number of schedules, in whatever time, unless that is given too', () => {
    const endless = Number.POSITIVE_INFINITY;
    expect(readOptions(['--schedules', '1000000'])).toMatchObject({ schedules: 1_000_000, seconds: endless });
    expect(readOptions(['--schedules=9', '--seconds=60'])).toMatchObject({ schedules: 9, seconds: 60 });
  });

  it('take a commit for a seed, and values after = too', () => {
    const options = readOptions(['--seed', 'da0434f9e1c2b3a4', '--seconds=0.5', '--workers=3', '--json']);
    expect(options).toMatchObject({ seed: 0xda0434f, seconds: 0.5, workers: 3, json: true });
  });

  it('are refused with what was expected and what was given', () => {
    expect(refusal('--second', '5')).toEqual([
      'EXPLORE_OPTION',
      '--second: expected one of its options, was given --second',
    ]);
    expect(refusal('--seed', 'today')).toEqual([
      'EXPLORE_OPTION',
      '--seed: expected a number of up to nine digits, or a commit, was given today',
    ]);
    expect(refusal('--seconds')).toEqual(['EXPLORE_OPTION', '--seconds: expected a value, was given none']);
    expect(refusal('--seconds', '-1')).toEqual([
      'EXPLORE_OPTION',
      '--seconds: expected a number above 0, was given -1',
    ]);
    expect(refusal('--workers', '1.5')).toEqual([
      'EXPLORE_OPTION',
      '--workers: expected a whole number from 1 to 256, was given 1.5',
    ]);
  });

  it('are all in the help', () => {
    for (const name of ['--seconds', '--seed', '--workers', '--findings', '--random', '--json'])
      expect(help).toContain(name);
  });
});
