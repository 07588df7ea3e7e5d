import { Canaries, type ControlVerb, controlAnnotation } from '../../api/canary.js';
import type { World } from '../../sim/world.js';
import type { Declared } from '../declared.js';
import { durationOf, numberWithin, refuseValue } from '../given.js';

/** How the release stands. */
export interface Standing {
  /** Milliseconds since the release began. */
  readonly sinceMs: number;
  readonly phase: string;
  /** Percent of the traffic on the new version. */
  readonly weight: number;
}

/** Somebody who waits for a moment and then does something, once. */
export interface Operator {
  /** As the timeline says it. */
  readonly does: string;
  readonly isTime: (standing: Standing) => boolean;
  /** Milliseconds since the release began at which to look, should nothing else happen then. */
  readonly looksAfterMs?: number;
  readonly act: (world: World, declared: Declared) => void | Promise<void>;
}

/** The moment: a weight that is reached, or a time since the release began. */
export type Moment = { readonly atWeight: number } | { readonly after: string };

function timing(moment: Moment): Pick<Operator, 'isTime' | 'looksAfterMs'> {
  if ('atWeight' in moment) {
    const atWeight = numberWithin(moment.atWeight, 'operators.atWeight', { least: 0, most: 100 });
    return { isTime: ({ weight }) => weight >= atWeight };
  }
  if (!('after' in moment))
    refuseValue(
      'operators',
      'a moment: atWeight or after',
      moment,
      'write { atWeight: 20 } or { after: "2m" }',
    );
  const looksAfterMs = durationOf(moment.after, 'operators.after');
  return { looksAfterMs, isTime: ({ sinceMs }) => sinceMs >= looksAfterMs };
}

/** Writes the annotation that `perch pause`, `promote`, … write. */
function ask(verb: ControlVerb, moment: Moment, options: { readonly full?: boolean } = {}): Operator {
  return {
    does: `somebody asks: ${verb}`,
    ...timing(moment),
    async act(world, { namespace, canary }) {
      const request = { id: `${verb}-${world.clock.now()}`, verb, by: 'operator', ...options };
      const annotations = { [controlAnnotation]: JSON.stringify(request) };
      const key = { namespace, name: canary.metadata.name ?? '' };
      await world.cluster.patch(Canaries, key, 'merge', { metadata: { annotations } });
    },
  };
}

/** People and other controllers that act while a release is under way. */
export const operators = {
  pause: (moment: Moment): Operator => ask('pause', moment),
  resume: (moment: Moment): Operator => ask('resume', moment),
  /** `full`: without the rest of the analysis. */
  promote: (moment: Moment & { readonly full?: boolean }): Operator =>
    ask('promote', moment, moment.full ? { full: true } : {}),
  abort: (moment: Moment): Operator => ask('abort', moment),
  /** Releases another image in the middle. */
  release: (image: string, moment: Moment): Operator => ({
    does: `somebody releases ${image}`,
    ...timing(moment),
    act: (world, { namespace, target }) => world.setImage(namespace, target, image),
  }),
  /** Deletes the Canary. */
  delete: (moment: Moment): Operator => ({
    does: 'somebody deletes the Canary',
    ...timing(moment),
    act: (world, { namespace, canary }) =>
      world.cluster.delete(Canaries, { namespace, name: canary.metadata.name ?? '' }),
  }),
  /** Anything else; `does` stands in the timeline. */
  act: (does: string, moment: Moment, act: Operator['act']): Operator => ({ does, ...timing(moment), act }),
};
