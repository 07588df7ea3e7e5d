import type { Canary, Measurement, RunRecord, RunStep } from '../api/canary.js';

/** What there is to know of a release, as data. */
export function statusData({ metadata, status = {} }: Canary): object {
  const { phase, canaryWeight, failedChecks, paused, lastPromotedSpec, observedRevision } = status;
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    phase: phase ?? '',
    canaryWeight: canaryWeight ?? 0,
    failedChecks: failedChecks ?? 0,
    revision: observedRevision ?? null,
    promotedRevision: lastPromotedSpec ?? null,
    paused: paused ?? null,
    run: status.history?.at(-1) ?? null,
    history: status.history ?? [],
    control: status.control ?? [],
    conditions: status.conditions ?? [],
  };
}

/** The same for people: where the release is, what was done with what was measured, and the runs before. */
export function statusText({ metadata, status = {} }: Canary): string {
  const { history = [], paused, conditions = [] } = status;
  const run = history.at(-1);
  const ready = conditions.find(({ type }) => type === 'Ready')?.message;
  const weight = status.canaryWeight ?? 0;
  return [
    `${metadata.name} in ${metadata.namespace}: ${status.phase || 'not looked at yet'}${paused ? ' (paused)' : ''}`,
    ...(ready ? [`  ${ready}`] : []),
    `  ${bar(weight)} ${weight} % of the traffic on the canary`,
    ...(run ? ['', ...runText(run)] : []),
    ...(history.length > 1 ? ['', 'Before', ...history.slice(0, -1).reverse().map(summary)] : []),
    ...requests(status.control),
    '',
  ].join('\n');
}

function bar(weight: number): string {
  const filled = Math.round(weight / 5);
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`;
}

function runText(run: RunRecord): string[] {
  const images = run.from && run.to ? `  ${run.from} → ${run.to}` : '';
  const end = run.endedAt ? `, ended ${run.endedAt}` : '';
  return [
    `${run.outcome ?? 'Under way'}: ${run.revision}${images}`,
    `  started ${run.startedAt}${end}`,
    ...(run.cause ? [`  ${run.cause}`] : []),
    ...(run.folded ? [`  … ${run.folded} earlier steps are no longer kept`] : []),
    ...run.steps.map(stepText),
  ];
}

function stepText({ at, weight, iteration, reason, message, times, measured = [] }: RunStep): string {
  const place = iteration === undefined ? `${String(weight).padStart(3)} %` : `check ${iteration}`;
  const repeated = times === undefined ? '' : ` (${times} times)`;
  const found = measured.map(measurementText).join(', ');
  return `  ${at.slice(11, 19)}  ${place}  ${message ?? words(reason)}${repeated}${found ? `  [${found}]` : ''}`;
}

function measurementText({ metric, value, min, max }: Measurement): string {
  const least = min === undefined ? '' : ` ≥ ${min}`;
  const most = max === undefined ? '' : ` ≤ ${max}`;
  return `${metric} ${value ?? 'no data'}${least || most ? ` (${`${least}${most}`.trim()})` : ''}`;
}

/** `weightAdvanced` as `weight advanced`. */
function words(reason: string): string {
  return reason.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function summary({ startedAt, revision, outcome, to, cause }: RunRecord): string {
  return `  ${startedAt}  ${outcome ?? 'Under way'}  ${to ?? revision}${cause ? `  ${cause}` : ''}`;
}

function requests(control: NonNullable<Canary['status']>['control'] = []): string[] {
  if (control.length === 0) return [];
  const lines = control.map(({ decidedAt, verb, by, outcome, message, reason }) => {
    const why = message ?? reason;
    return `  ${decidedAt}  ${verb} by ${by ?? 'somebody'}: ${outcome}${why ? `, ${why}` : ''}`;
  });
  return ['', 'Requests', ...lines];
}
