import { findRelease } from '../../lib/cli/release.js';
import { podinfo } from '../sim/podinfo.js';

const other = podinfo().map((object) => ({ ...object, metadata: { ...object.metadata, name: 'other' } }));
const both = [...podinfo(), ...other];

test('one canary needs no name', () => {
  expect(findRelease(podinfo(), undefined).canary.metadata.name).toBe('podinfo');
});

test('of several, the one that is named is taken', () => {
  expect(findRelease(both, 'podinfo').canary.metadata.name).toBe('podinfo');
});

test('of several without a name, it is asked which in the words of the command line', () => {
  expect(() => findRelease(both, undefined)).toThrow(
    expect.objectContaining({
      code: 'TESTING_CANARY_AMBIGUOUS',
      message: 'expected one Canary or the name of one, got podinfo, other',
      remedy: 'say which, e.g. --canary podinfo',
    }),
  );
});

test('a name that is none of them is answered with what there is', () => {
  expect(() => findRelease(both, 'othr')).toThrow(
    expect.objectContaining({
      code: 'CLI_FLAG_VALUE',
      message: "expected the name of a Canary that is declared, got 'othr'; there are: podinfo, other",
      remedy: 'say which, e.g. --canary other',
    }),
  );
});

test('a stack without a canary is told as such, whatever the name', () => {
  expect(() => findRelease([], 'podinfo')).toThrow(
    expect.objectContaining({ code: 'TESTING_STACK_INCOMPLETE' }),
  );
});
