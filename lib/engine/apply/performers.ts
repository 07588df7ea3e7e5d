import type { Canary, CanaryStatus } from '../../api/canary.js';
import type { Effect } from '../../core/decision.js';
import { alertFields, alertText, eventText, eventType } from '../../core/text.js';
import type { Clock } from '../../ports/clock.js';
import type { Alerts } from '../alerts.js';
import type { Ask } from '../ask.js';
import type { CachedObjects } from '../cache/objects.js';
import type { Recorder } from '../events.js';
import type { Aside } from '../queue.js';
import type { Routing } from '../routing.js';
import type { Target } from '../targets/target.js';
import type { Telemetry } from '../telemetry.js';
import { performConfirmTarget } from './confirmTarget.js';
import { performHoldFinalizer } from './finalizer.js';
import { performEnsureApex, performScaleTarget } from './handover.js';
import { performPostRollout } from './postRollout.js';
import { performReleaseRoutes, performRoute } from './route.js';
import { performWriteStatus } from './status.js';

export interface ApplyContext {
  readonly objects: CachedObjects;
  readonly routing: Routing;
  readonly targetOf: (canary: Canary) => Target;
  readonly recorder: Recorder;
  readonly alerts: Alerts;
  readonly telemetry: Telemetry;
  readonly ask: Ask;
  readonly clusterName: string;
  readonly clock: Clock;
  /** For whatever waits for somebody: who does not answer holds up its own canary and no other. */
  readonly aside: Aside;
  /** Aborted when the controller stops: nothing is done after that. */
  readonly signal: AbortSignal;
}

/** What came of an effect. `stale`: the world is not what was decided on; the pass ends and decides anew. */
export type Outcome = 'done' | 'changed' | 'stale';

/**
 * The canary as it stands in the middle of a pass: a written status is in it. One that goes on with what another left
 * knows what that did.
 */
export interface Subject {
  canary: Canary;
  /** The status that the pass wrote last, as it was given to the API server. */
  written?: CanaryStatus;
  /** Something was told of it in this pass: what is written after that puts it on record. */
  told?: boolean;
  /** Its apex Service was made in this pass: nobody's requests came by it before. */
  isNew?: boolean;
}

export type Performer<K extends Effect['type']> = (
  context: ApplyContext,
  subject: Subject,
  effect: Extract<Effect, { type: K }>,
) => Promise<Outcome> | Outcome;

const changedIf = (changed: boolean): Outcome => (changed ? 'changed' : 'done');

/** One performer an effect: each reads the caches first and writes only what differs. */
const performers: { readonly [K in Effect['type']]: Performer<K> } = {
  writeStatus: performWriteStatus,
  route: performRoute,
  postRollout: performPostRollout,
  confirmTarget: performConfirmTarget,
  ensureApex: performEnsureApex,
  scaleTarget: performScaleTarget,
  ensurePrimary: async ({ targetOf }, { canary }) => changedIf(await targetOf(canary).ensurePrimary(canary)),
  revertTarget: async ({ targetOf }, { canary }) =>
    (await targetOf(canary).revert(canary)) ? 'stale' : 'done',
  releaseApex: async ({ targetOf }, { canary }) => changedIf(await targetOf(canary).releaseApex(canary)),
  releaseRoutes: performReleaseRoutes,
  holdFinalizer: performHoldFinalizer,
  promote: async ({ targetOf }, { canary }, { revision, configs }) => {
    const promoted = await targetOf(canary).promote(canary, revision, configs);
    return promoted === 'moved' ? 'stale' : changedIf(promoted);
  },
  event: ({ recorder }, subject, { reason, throttleMs }) => {
    const { canary } = subject;
    subject.told = true;
    const message = { text: eventText(reason, canary), type: eventType(reason) };
    if (throttleMs === undefined) recorder.record(canary, message);
    else recorder.recordSeldom(canary, reason.code, throttleMs, message);
    return 'done';
  },
  alert: ({ alerts, clusterName }, { canary }, { reason, severity, withMetadata, facts = [], note }) => {
    const fields = [...alertFields(canary, clusterName, withMetadata), ...facts];
    alerts.send(canary, { message: alertText(reason), severity, fields }, note);
    return 'done';
  },
  awaitAlerts: async ({ alerts, aside }, { canary }): Promise<Outcome> => {
    await aside(() => alerts.delivered(canary));
    return 'done';
  },
  count: ({ telemetry }, { canary }, { outcome, analysis }) => {
    telemetry.finished(canary, outcome, analysis);
    return 'done';
  },
};

export function perform<K extends Effect['type']>(
  context: ApplyContext,
  subject: Subject,
  effect: Extract<Effect, { type: K }>,
): Promise<Outcome> | Outcome {
  const performer: Performer<K> = performers[effect.type as K];
  return performer(context, subject, effect);
}
