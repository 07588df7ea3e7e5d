import type { CanarySpec, UnsaidAlert } from '../api/canary.js';
import type { Decision, Effect, Severity } from './decision.js';
import { writeStatus } from './effects.js';
import type { Reason } from './reason.js';
import type { Standing } from './situation.js';
import { changeStatus, preciseTimestamp } from './status.js';

/*
 * What begins is alerted as surely as what ends: the status that makes it so names the alert that is to follow, until it
 * has arrived. Whoever finds it named, and has not sent it, sends it. A status that is written after that anyway leaves
 * it out; where none is, one is written.
 */

/** The note in the status, of an alert that is sent with `announce` in the same decision. */
export function unsaid(kind: UnsaidAlert['alert'], now: number): UnsaidAlert {
  return { alert: kind, at: preciseTimestamp(now) };
}

/** Sends the alert that the note names, unless this controller has. */
export function announce(note: UnsaidAlert, spec: CanarySpec): Effect {
  const withMetadata = begins(note);
  return { type: 'alert', reason: reasonOf(note, spec), severity: severityOf(note), withMetadata, note };
}

/** Of the alert that a note names. */
export function severityOf(note: UnsaidAlert): Severity {
  return begins(note) ? 'info' : 'warn';
}

function begins({ alert: kind }: UnsaidAlert): boolean {
  return kind === 'initialized' || kind === 'newRevision';
}

function reasonOf({ alert: kind }: UnsaidAlert, spec: CanarySpec): Reason {
  switch (kind) {
    case 'initialized':
      return { code: 'initialized', kind: spec.targetRef.kind };
    case 'newRevision':
      return { code: 'newRevision' };
    default:
      return { code: 'gateRefused', gate: kind, hook: '' };
  }
}

/** At rest, or waiting for somebody: no other status is about to be written. */
export function settleNote(standing: Standing): Decision | undefined {
  const { status, phase, spec } = standing;
  if (!status.unsaid || (phase !== 'Initialized' && phase !== 'Waiting')) return undefined;
  return { effects: [announce(status.unsaid, spec), ...forgetNote(standing)], next: 'again' };
}

/** Waits until what was alerted has arrived, or had its time, and takes the note off the status. */
export function forgetNote(standing: Standing): Effect[] {
  return [{ type: 'awaitAlerts' }, writeStatus(changeStatus(standing, { unsaid: undefined }))];
}

/** Before anything else a decision does: what may not have been said of the run yet. */
export function withNote({ status, spec, canary }: Standing, decision: Decision): Decision {
  if (!status.unsaid || canary.metadata.deletionTimestamp !== undefined) return decision;
  return { ...decision, effects: [announce(status.unsaid, spec), ...decision.effects] };
}
