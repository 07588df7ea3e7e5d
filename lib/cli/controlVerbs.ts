import type { ControlVerb } from '../api/canary.js';

/** What `perch <verb>` says of itself. */
export const controlVerbs: Readonly<
  Record<ControlVerb, { readonly summary: string; readonly example: string }>
> = {
  pause: {
    summary: 'hold a release where it is',
    example: 'perch pause podinfo -n test --reason "looking at the errors"',
  },
  resume: { summary: 'let a paused release go on', example: 'perch resume podinfo -n test --wait' },
  promote: {
    summary: 'take the next step without its check; with --full release at once',
    example: 'perch promote podinfo -n test --full --reason "fixes the outage"',
  },
  abort: {
    summary: 'roll a release back now',
    example: 'perch abort podinfo -n test --reason "wrong build"',
  },
  retry: {
    summary: 'release a failed revision again, without a change of its template',
    example: 'perch retry podinfo -n test --wait',
  },
};
