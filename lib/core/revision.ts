import { effectiveMaxWeight } from '../api/defaults.js';
import { revisionPrefix } from '../api/revision.js';
import type { Decision } from './decision.js';
import { writeStatus } from './effects.js';
import { checkTime } from './pace.js';
import type { Situation, Standing } from './situation.js';
import { changeStatus, currentRevision, type StatusChange } from './status.js';

/** Was the stored revision written by Flagger, whose hashes say nothing about ours? */
export function isForeign(standing: Standing): boolean {
  const applied = standing.status.lastAppliedSpec ?? '';
  return applied !== '' && !applied.startsWith(revisionPrefix);
}

/** While a run is on: is the target another one than the run is about? */
export function isSuperseded(situation: Situation): boolean {
  return situation.target.revision !== situation.status.lastAppliedSpec || haveConfigsChanged(situation);
}

/** While nothing runs: is what is promoted the target's template still, under another revision? */
export function isRenamed({ status, target }: Situation): boolean {
  const promoted = status.lastPromotedSpec ?? '';
  return promoted !== '' && promoted !== target.revision && target.isInPrimary === true;
}

/** Goes by the new name for what is promoted, so that nothing starts. Configs are compared as ever. */
export function adoptName(situation: Situation): Decision {
  const { revision } = situation.target;
  const change = { lastAppliedSpec: revision, lastPromotedSpec: revision };
  return { effects: [writeStatus(changeStatus(situation, change))], next: 'again' };
}

/** While nothing runs: is there something to release? Going back to what is promoted is not. */
export function isNewRevision(situation: Situation): boolean {
  const { status, target } = situation;
  const applied = status.lastAppliedSpec ?? '';
  if (applied === '') return true;
  if (target.revision !== applied && !isPromoted(situation)) return true;
  return haveConfigsChanged(situation);
}

/** Is the target what was promoted last, and is that in the primary still? A promotion that failed has replaced it. */
export function isPromoted({ status, target, primary }: Situation): boolean {
  if (target.revision !== status.lastPromotedSpec) return false;
  const { revision = target.revision } = primary ?? {};
  return revision === target.revision || target.isInPrimary === true;
}

function haveConfigsChanged({ status, target }: Situation): boolean {
  return differ(target.trackedConfigs, status.trackedConfigs);
}

type Checksums = Readonly<Record<string, string>>;

/** What is not known, tracking being off then or now, differs from nothing. */
function differ(seen: Checksums | undefined, stored: Checksums | undefined): boolean {
  if (seen === undefined || stored === undefined) return false;
  const names = Object.keys(seen);
  return names.length !== Object.keys(stored).length || names.some((name) => seen[name] !== stored[name]);
}

/** Has the primary been given what the run is about, template and configs? */
export function isCopied({ primary, status, target }: Situation): boolean {
  if (primary?.revision !== status.lastAppliedSpec) return false;
  if (target.trackedConfigs === undefined || status.trackedConfigs === undefined) return true;
  return primary?.trackedConfigs !== undefined && !differ(primary.trackedConfigs, status.trackedConfigs);
}

/** Was the primary made of other configs than the target has now? */
export function haveConfigsMovedOn({
  primary,
  status,
  target,
}: Pick<Situation, 'primary' | 'status' | 'target'>): boolean {
  return differ(target.trackedConfigs, primary?.trackedConfigs ?? status.trackedConfigs);
}

/** Config tracking was switched on, or came with an upgrade: what is there now is what was released. */
export function lacksConfigs({ status, target }: Situation): boolean {
  return target.trackedConfigs !== undefined && status.trackedConfigs === undefined;
}

/** Takes a settled canary over from Flagger: what is there now is what was released, so nothing starts. */
export function adoptSettled(situation: Situation): Decision {
  const { status } = situation;
  const promoted =
    (status.lastPromotedSpec ?? '') !== '' && status.lastPromotedSpec === status.lastAppliedSpec;
  const change: StatusChange = {
    ...currentRevision(situation),
    lastPromotedSpec: promoted ? situation.target.revision : status.lastPromotedSpec,
  };
  return { effects: [writeStatus(changeStatus(situation, change))], next: 'again' };
}

/** Takes a run over from Flagger: it goes on where it is, with the weight that Flagger kept in the routes alone. */
export function adoptRun(situation: Situation): Decision {
  const change: StatusChange = {
    ...currentRevision(situation),
    canaryWeight: weightLeftByFlagger(situation),
    iterations: Math.max(0, situation.status.iterations ?? 0),
    lastCheckTime: checkTime(situation),
  };
  return { effects: [writeStatus(changeStatus(situation, change))], next: 'again' };
}

/** Flagger's status holds the weight only in Progressing, and only of runs by weight. */
function weightLeftByFlagger({ status, strategy, spec, phase, router }: Situation): number {
  const iterations = status.iterations ?? 0;
  const weight = status.canaryWeight ?? 0;
  if (!router.weights) return 0;
  if (weight > 0 || (phase === 'Progressing' && strategy === 'canary')) return weight;
  if (strategy === 'ab-testing') return phase !== 'Progressing' || iterations > 0 ? 100 : 0;
  if (strategy === 'canary') return effectiveMaxWeight(spec.analysis);
  return phase === 'Promoting' || iterations > (spec.analysis.iterations ?? 0) ? 100 : 0;
}
