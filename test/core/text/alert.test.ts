import { alertFields, alertText } from '../../../lib/core/text.js';
import { type Settings, World } from '../model.js';

const fields = (settings: Settings, cluster = '', withMetadata = true) =>
  alertFields(new World(settings).canary, cluster, withMetadata).map(
    ({ name, value }) => `${name}: ${value}`,
  );

test('an alert shows target, threshold, deadline and routing', () => {
  expect(fields({ spec: { progressDeadlineSeconds: 60 } })).toEqual([
    'Target: Deployment/podinfo.test',
    'Failed checks threshold: 5',
    'Progress deadline: 60s',
    'Traffic routing: Weight step: 10 max: 50',
  ]);
});

test('the cluster comes first when it has a name, even without metadata', () => {
  expect(fields({}, 'production')[0]).toBe('Cluster: production');
  expect(fields({}, 'production', false)).toEqual(['Cluster: production']);
});

test.each<[Settings['analysis'], string | undefined]>([
  [{ iterations: 3, match: [{ headers: {} }] }, 'Traffic routing: A/B Testing'],
  [{ iterations: 3 }, 'Traffic routing: Blue/Green'],
  [{ stepWeights: [5, 10, 20] }, 'Traffic routing: Weight steps: 5,10,20 max: 0'],
  [{ stepWeight: 0 }, undefined],
])('%j is shown as %s', (analysis, text) => {
  expect(fields({ analysis })[3]).toBe(text);
});

test('every way a run ends has its message', () => {
  const message = 'canary deployment podinfo.test not ready: no pods';
  expect([
    alertText({ code: 'initialized', kind: 'Deployment' }),
    alertText({ code: 'promoted', skipped: false }),
    alertText({ code: 'promoted', skipped: true }),
    alertText({ code: 'thresholdReached', failedChecks: 5 }),
    alertText({ code: 'rollbackByHook', hook: 'gate' }),
    alertText({ code: 'deadlineExceeded', message }),
    alertText({ code: 'promotionFailed', message: 'podinfo-primary.test not ready: no pods' }),
  ]).toEqual([
    'New Deployment detected, initialization completed.',
    'Canary analysis completed successfully, promotion finished.',
    'Canary analysis was skipped, promotion finished.',
    'Failed checks threshold reached 5',
    'Rolling back manual webhook invoked',
    `Progress deadline exceeded ${message}`,
    'Promotion failed, primary not ready: podinfo-primary.test not ready: no pods',
  ]);
});
