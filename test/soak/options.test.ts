import { PerchError } from '../../lib/api/errors.js';
import { faults } from './faults.js';
import { help, readOptions } from './options.js';

function messageOf(...argv: string[]): string {
  try {
    readOptions(argv);
  } catch (error) {
    if (error instanceof PerchError) return error.message;
    throw error;
  }
  return 'taken';
}

describe('the words after npm run soak', () => {
  it('may be none: a thousand canaries, every fault, 127 days', () => {
    const options = readOptions([]);
    expect(options).toMatchObject({
      only: undefined,
      canaries: 1000,
      namespaces: 20,
      released: 200,
      rollouts: 50,
      days: 127,
    });
    expect(options.memoryMiB).toBeUndefined();
    expect(options.faults).toEqual(faults.map(({ name }) => name));
  });

  it('choose a part and its size, with a blank or =', () => {
    expect(
      readOptions(['--only', 'load', '--floor', '--canaries=20', '--flags', '-threadiness=2 -port=0']),
    ).toMatchObject({
      only: 'load',
      floor: true,
      canaries: 20,
      released: 20,
      flags: ['-threadiness=2', '-port=0'],
    });
  });

  it('are refused by name when they are not understood', () => {
    expect(messageOf('--only', 'idle')).toBe('--only: expected one of load, faults, days, was given idle');
    expect(messageOf('--canaries', 'many')).toBe(
      '--canaries: expected a whole number above 0, was given many',
    );
    expect(messageOf('--memory', 'little')).toContain('--memory: expected a whole number above 0');
    expect(messageOf('--days', '0')).toContain('expected a whole number above 0');
    expect(messageOf('--fault', 'etcd,flood')).toContain('was given flood');
    expect(messageOf('--days')).toBe('--days: expected a value, was given none');
    expect(messageOf('--size', '3')).toContain('--size: expected one of --only,');
  });

  it('are all in the help', () => {
    for (const { name } of faults) expect(help).toContain(name);
  });
});
