import { findFlagger } from '../../lib/migrate/flagger.js';

/** Flagger's Deployment as its chart writes it. */
function installation(words: readonly string[]) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'flagger', namespace: 'flagger-system' },
    spec: {
      selector: { matchLabels: { app: 'flagger' } },
      template: {
        spec: {
          containers: [{ image: 'ghcr.io/fluxcd/flagger:1.44.0', command: ['./flagger', ...words] }],
        },
      },
    },
  };
}

test('what the routing objects of a canary look like stays, when its controller changes', () => {
  const said = [
    ...['-ingress-class=contour-internal', '-ingress-annotations-prefix=nginx.org'],
    ...['-selector-labels=app', '-include-label-prefix=team'],
  ];
  const [found] = findFlagger([installation(['-mesh-provider=contour', ...said])]);
  expect(found).toMatchObject({ meshProvider: 'contour', metricsServer: 'http://prometheus:9090' });
  expect(found?.carried).toEqual(said);
});

test('no value of a flag that may hold a secret is repeated', () => {
  const secret = ['-slack-url=https://hooks.slack.com/T0/B0/hush', '-event-webhook=https://u:hush@events'];
  const found = findFlagger([installation(secret)]);
  expect(found[0]?.flags.map(({ flag }) => flag)).toEqual(['-slack-url', '-event-webhook']);
  expect(JSON.stringify(found)).not.toContain('hush');
});
