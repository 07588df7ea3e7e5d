import type { Canary } from '../../lib/api/canary.js';
import { Canaries } from '../../lib/api/canary.js';
import { schemaOf } from '../../lib/api/crds.js';
import { factsOf } from '../../lib/core/chronicle/facts.js';
import type { Reason } from '../../lib/core/reason.js';
import { reasonCodes, textOf } from '../../lib/core/text/event.js';
import { alertFields, alertText, eventType } from '../../lib/core/text.js';
import { eventPayload } from '../../lib/engine/hooks/payload.js';
import { namesIn, rowsUnder } from './page.js';

const names = { canary: '<canary>', target: '<target>', primary: '<primary>', kind: '<kind>' };
const gates = ['confirm-rollout', 'confirm-traffic-increase', 'confirm-promotion'];
const sources = ['builtin', 'inline', 'template'];

const silence = { code: 'metricError', metric: '<metric>', text: '<silence>' };

const tallies = { canary: { requests: 9, bad: 1 }, primary: { requests: 9, bad: 1 }, boundaryMs: 250 };

/** What the fields hold that a text depends on; every other field is printed as its own name. */
const variants: Partial<Record<Reason['code'], readonly object[]>> = {
  gatePassed: gates.map((gate) => ({ gate })),
  gateRefused: gates.map((gate) => ({ gate })),
  allToCanary: [{ mirrored: false }, { mirrored: true }],
  promoted: [{ skipped: false }, { skipped: true }],
  metricBreached: ['percent', 'ms', 'number'].map((unit) => ({
    unit,
    breach: { value: 1, side: 'above', bound: 2 },
  })),
  dataAwaited: [{ silence }],
  noDataPassed: [{ silence }],
  noDataDeadline: [{ silence }],
  comparedWithPrimary: [{ ...tallies, verdict: 'undecided' }],
  worseThanPrimary: [1, 2].map((tolerance) => ({ ...tallies, tolerance, falsePositiveRate: 0.01 })),
  metricNoData: [
    ...sources.map((source) => ({ source })),
    { source: 'builtin', metric: 'request-success-rate' },
  ],
};

function samples(code: Reason['code']): Reason[] {
  return (variants[code] ?? [{}]).map(
    (fields) =>
      new Proxy({ code, ...fields } as object, {
        get: (known, field) => Reflect.get(known, field) ?? `<${String(field)}>`,
      }) as Reason,
  );
}

/** Numbers stand for whatever is measured. */
const schematic = (text: string) => text.replaceAll(/\d+(\.\d+)?(ms)?/g, '<n>');

const spoken = reasonCodes.flatMap((code) =>
  samples(code).map((reason) => [schematic(textOf(reason, names)), eventType(reason)]),
);
const told = rowsUnder('Events', 'text').flatMap((row) => namesIn(row.text).map((text) => [text, row.type]));

const canary: Canary = {
  metadata: { name: 'podinfo', namespace: 'test' },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
    analysis: { interval: '10s', threshold: 1, stepWeight: 10 },
  },
};

describe('the parity page', () => {
  it('tells of every event that a decision makes, and of its type', () => {
    expect(spoken.filter(([text, type]) => !told.some((row) => row[0] === text && row[1] === type))).toEqual(
      [],
    );
  });

  it('tells of every message of an alert, and of no other', () => {
    const rows = rowsUnder('Alerts', 'message').flatMap(({ message }) => namesIn(message));
    const sent = reasonCodes.flatMap((code) => samples(code).map((reason) => schematic(alertText(reason))));
    expect(rows.toSorted()).toEqual([...new Set(sent)].toSorted());
  });

  it('tells of every field of an alert', () => {
    const rows = rowsUnder('Alerts', 'field').flatMap(({ field }) => namesIn(field));
    const ended = {
      ...{
        revision: 'p1:1',
        from: 'a:1',
        to: 'a:2',
        startedAt: '',
        endedAt: '',
        outcome: 'Failed',
        cause: '',
      },
      steps: [{ at: '', weight: 1, reason: 'metricBreached', measured: [{ metric: 'm', value: 1, max: 0 }] }],
    };
    const fields = [...alertFields(canary, 'production'), ...factsOf(ended)];
    expect(fields.map(({ name }) => name)).toEqual(rows);
  });

  it('tells of every type of hook and of every field that is posted to one', () => {
    const types = rowsUnder('Hooks', 'type').flatMap(({ type }) => namesIn(type));
    const { analysis } = schemaOf(Canaries).properties!.spec!.properties!;
    const known = analysis!.properties!.webhooks!.items!.properties!.type!.enum;
    expect(types.toSorted()).toEqual(known?.filter((type) => type !== '').toSorted());
    const posted = JSON.parse(eventPayload(canary, {}, { text: 'said', type: 'Normal', at: 0 })) as object;
    const fields = Object.entries(posted).flatMap(([name, value]) => [
      name,
      ...(name === 'metadata' ? Object.keys(value as object).map((key) => `metadata.${key}`) : []),
    ]);
    const rows = rowsUnder('Hooks', 'field').flatMap(({ field }) => namesIn(field));
    expect(rows.toSorted()).toEqual(fields.toSorted());
  });
});
