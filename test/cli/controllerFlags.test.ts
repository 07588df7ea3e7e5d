import { refuseUnsupported } from '../../lib/cli/controllerRefusals.js';
import { controllerFlags } from '../../lib/settings/controllerFlags.js';
import { settingsOf } from '../../lib/settings/controllerSettings.js';
import { parseFlags } from '../../lib/settings/goFlags.js';
import { withoutEffect } from '../../lib/settings/libraryFlags.js';

function settings(line: string, environment: Record<string, string> = {}) {
  const argv = line.split(' ').filter(Boolean);
  const { values, given } = parseFlags(controllerFlags, argv, environment);
  refuseUnsupported(values, given, ['nginx', 'kubernetes']);
  return settingsOf(values);
}

test("without flags the settings are Flagger's defaults", () => {
  expect(settings('')).toMatchObject({
    controller: {
      namespace: '',
      meshProvider: 'istio',
      metricsServer: 'http://prometheus:9090',
      selectorLabels: ['app', 'name', 'app.kubernetes.io/name'],
      includeLabelPrefixes: [],
      ingressAnnotationsPrefix: 'nginx.ingress.kubernetes.io',
      noCrossNamespaceRefs: false,
      configTracking: true,
    },
    connection: { qps: -1, burst: 250 },
    notifier: { slackUser: 'flagger' },
    log: { level: 'debug', encoding: 'json' },
    port: 8080,
    leaderElectionNamespace: undefined,
  });
});

test('a line that starts flagger today starts perch', () => {
  const line =
    '-log-level=info -mesh-provider=nginx -metrics-server=http://flagger-prometheus:9090 ' +
    '-selector-labels=app,name -enable-config-tracking=false -slack-user=bot -ingress-annotations-prefix=n.io ' +
    '-enable-leader-election=true -leader-election-namespace=ingress-nginx -threadiness=10 ' +
    '-kubeconfig-qps=20 -kubeconfig-burst=30 -cluster-name=east -include-label-prefix=app.kubernetes.io ' +
    '-no-cross-namespace-refs=true -namespace=test -control-loop-interval=10s';
  expect(settings(line)).toMatchObject({
    controller: {
      namespace: 'test',
      meshProvider: 'nginx',
      metricsServer: 'http://flagger-prometheus:9090',
      selectorLabels: ['app', 'name'],
      includeLabelPrefixes: ['app.kubernetes.io'],
      ingressAnnotationsPrefix: 'n.io',
      clusterName: 'east',
      configTracking: false,
      noCrossNamespaceRefs: true,
      concurrency: 10,
    },
    connection: { qps: 20, burst: 30 },
    notifier: { slackUser: 'bot' },
    leaderElectionNamespace: 'test',
  });
});

test.each([
  ['-enable-leader-election', 'kube-system'],
  ['-enable-leader-election -leader-election-namespace=flagger', 'flagger'],
  ['-enable-leader-election -leader-election-namespace=flagger -namespace=shop', 'shop'],
  ['-namespace=shop', undefined],
])('%s elects in %s, where a Flagger with the same flags does', (line, namespace) => {
  expect(settings(line).leaderElectionNamespace).toBe(namespace);
});

test('the environment wins over the flags', () => {
  const environment = {
    SLACK_URL: 'http://env/slack',
    SLACK_TOKEN: 'env-token',
    SLACK_PROXY_URL: 'http://env/slack-proxy',
    MSTEAMS_URL: 'http://env/teams',
    MSTEAMS_PROXY_URL: 'http://env/teams-proxy',
    EVENT_WEBHOOK_URL: 'http://env/events',
  };
  const { notifier, controller } = settings(
    '-slack-url http://flag -msteams-url http://flag -event-webhook http://flag',
    environment,
  );
  expect(notifier).toMatchObject({
    slackUrl: 'http://env/slack',
    slackToken: 'env-token',
    slackProxyUrl: 'http://env/slack-proxy',
    msteamsUrl: 'http://env/teams',
    msteamsProxyUrl: 'http://env/teams-proxy',
  });
  expect(controller.eventWebhook).toBe('http://env/events');
});

test.each([
  ['-mesh-provider=isto', 'expected a provider that has a router'],
  ['-mesh-provider=', 'expected a provider that has a router'],
  ['-loadtester=http://tester', 'expected a value beside -loadtester, got none'],
  ['-loadtester-token=a/b -loadtester-digest=a/b', 'beside -loadtester-token and -loadtester-digest'],
])('%s is refused rather than ignored', (line, message) => {
  expect(() => settings(line)).toThrow(
    expect.objectContaining({ code: 'CLI_FLAG_REFUSED', message: expect.stringContaining(message) }),
  );
});

test.each([
  ['-port=http', 'expected a whole number'],
  ['-port=99999', 'expected a whole number not above 65535'],
  ['-port=-1', 'expected a whole number not below 0'],
  ['-zap-encoding=xml', 'expected json or console'],
  ['-selector-labels=', 'expected 1 or more words between commas'],
  ['-control-loop-interval=-5s', 'expected a duration above zero'],
  ['-threadiness=0', 'expected a whole number not below 1'],
  ['-kubeconfig-burst=2.5', 'expected a whole number'],
  ['-enable-leader-election=maybe', 'expected true or false'],
])('%s is told before anything is begun', (line, message) => {
  expect(() => settings(line)).toThrow(
    expect.objectContaining({ code: 'CLI_FLAG_VALUE', message: expect.stringContaining(message) }),
  );
});

test('what sets the logs of libraries that perch does not have is taken, and named as without effect', () => {
  const { given } = parseFlags(controllerFlags, [
    '-v=4',
    '--logtostderr',
    '-zap-replace-globals=true',
    '-port=1',
  ]);
  expect(withoutEffect(given)).toEqual(['-logtostderr', '-v', '-zap-replace-globals']);
});

test.each([
  '-kubeconfig-service-mesh=',
  '-kubeconfig-service-mesh=other',
  '-ingress-class=',
  '-v=2 -vmodule=a=1 -stderrthreshold INFO',
])('%s asks for nothing that is missing', (line) => {
  expect(settings(line).port).toBe(8080);
});
