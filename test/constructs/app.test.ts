import { App, Chart, Duration, JsonPatch } from 'cdk8s';
import {
  Alert,
  CanaryApp,
  type CanaryAppProps,
  CanaryPlatform,
  Metric,
  Probe,
  Routing,
  Strategy,
  validateManifest,
} from '../../lib/index.js';
import { createChart, failure, find, synthesise, synthesiseApp } from './bench.js';

describe('CanaryApp from image, port and host alone', () => {
  test('declares namespace, Deployment, autoscaler, Ingress and Canary under one name', () => {
    const own = synthesiseApp().filter(({ metadata }) => metadata.namespace === 'shop');
    expect(own.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Deployment/web',
      'HorizontalPodAutoscaler/web',
      'Ingress/web',
      'Canary/web',
    ]);
    find(synthesiseApp(), 'Namespace', 'shop');
  });

  test('derives every port, host and reference', () => {
    const manifests = synthesiseApp();
    const { spec } = find(manifests, 'Canary', 'web');
    expect(spec).toMatchObject({
      provider: 'nginx',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      autoscalerRef: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'web' },
      ingressRef: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'web' },
      service: { port: 80, targetPort: 8080 },
    });
    const [rule] = find(manifests, 'Ingress', 'web').spec.rules;
    expect(rule).toEqual({
      host: 'web.example.com',
      http: {
        paths: [
          { path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } },
        ],
      },
    });
  });

  test('loads the host through the router from inside the cluster', () => {
    const [hook] = find(synthesiseApp(), 'Canary', 'web').spec.analysis.webhooks;
    expect(hook).toEqual({
      name: 'load-test',
      type: 'rollout',
      url: 'http://perch-loadtester.perch-system/',
      timeout: '5s',
      metadata: {
        type: 'load',
        url: 'http://ingress-nginx-controller.ingress-nginx/',
        host: 'web.example.com',
        rate: '20',
        connections: '2',
        duration: '1m',
      },
    });
  });

  test('writes manifests that Flagger accepts', () => {
    for (const manifest of synthesiseApp().filter(({ apiVersion }) => apiVersion === 'flagger.app/v1beta1')) {
      expect(validateManifest(manifest)).toMatchObject({ kind: manifest.kind });
    }
  });

  test('keeps the number of replicas out of the Deployment, which the controller scales', () => {
    const manifests = synthesiseApp({ autoscaling: { minReplicas: 6 } });
    expect(find(manifests, 'Deployment', 'web').spec).not.toHaveProperty('replicas');
    expect(find(manifests, 'HorizontalPodAutoscaler', 'web').spec).toMatchObject({
      minReplicas: 6,
      maxReplicas: 6,
    });
  });
});

describe('pods that come and go', () => {
  const templateOf = (props: Partial<CanaryAppProps> = {}) => {
    const { spec } = find(synthesiseApp(props), 'Deployment', 'web');
    const { terminationGracePeriodSeconds, containers } = spec.template.spec;
    const [{ lifecycle }] = containers;
    return { minReadySeconds: spec.minReadySeconds, terminationGracePeriodSeconds, lifecycle };
  };

  test('are given the time in which proxies hear of them, unless told otherwise', () => {
    expect(templateOf()).toEqual({
      minReadySeconds: 5,
      terminationGracePeriodSeconds: 40,
      lifecycle: { preStop: { sleep: { seconds: 10 } } },
    });
  });

  test('are given the time that is asked for', () => {
    const handover = { minReady: Duration.seconds(15), preStopSleep: Duration.minutes(1) };
    expect(templateOf({ ...handover, terminationGracePeriod: Duration.seconds(75) })).toEqual({
      minReadySeconds: 15,
      terminationGracePeriodSeconds: 75,
      lifecycle: { preStop: { sleep: { seconds: 60 } } },
    });
  });

  test('are as Kubernetes has them when the times are zero', () => {
    const { spec } = find(
      synthesiseApp({ minReady: Duration.seconds(0), preStopSleep: Duration.seconds(0) }),
      'Deployment',
      'web',
    );
    expect(spec).not.toHaveProperty('minReadySeconds');
    expect(spec.template.spec).not.toHaveProperty('terminationGracePeriodSeconds');
    expect(spec.template.spec.containers[0]).not.toHaveProperty('lifecycle');
  });

  test.each([
    [{ minReady: Duration.millis(1500) }, 'CONSTRUCT_PERIOD', 'whole seconds, zero or more, got 1500 ms'],
    [{ minReady: Duration.minutes(10) }, 'CONSTRUCT_OUT_OF_RANGE', 'from 0 to 599, got 600'],
    [
      { minReady: Duration.seconds(30), progressDeadline: Duration.seconds(30) },
      'CONSTRUCT_OUT_OF_RANGE',
      'progressDeadline: expected more than minReady, which is 30 s, got 30 s',
    ],
    [
      { progressDeadline: Duration.seconds(0) },
      'CONSTRUCT_OUT_OF_RANGE',
      'progressDeadline: expected more than minReady, which is 5 s, got 0 s',
    ],
    [{ preStopSleep: Duration.millis(10) }, 'CONSTRUCT_PERIOD', 'preStopSleep: expected whole seconds'],
    [
      { terminationGracePeriod: Duration.seconds(10) },
      'CONSTRUCT_GRACE_PERIOD',
      'got 10 s with a preStopSleep of 10 s',
    ],
  ])('have no times that cannot be: %#', (props, code, message) => {
    const error = failure(() => synthesiseApp(props));
    expect(error).toMatchObject({ code, path: 'chart/web' });
    expect(error.message).toContain(message);
  });
});

describe('CanaryApp', () => {
  test('takes what the container needs', () => {
    const manifests = synthesiseApp({
      containerName: 'server',
      command: ['./web', '--port=8080'],
      env: { COLOR: 'blue', TOKEN: { secretName: 'web', key: 'token' } },
      scrape: { port: 9100, path: '/stats' },
      readiness: Probe.http('/ready', { initialDelay: Duration.seconds(2) }),
      liveness: Probe.command(['check'], { timeout: Duration.seconds(3), failureThreshold: 5 }),
      resources: { requests: { cpu: '1' } },
    });
    const { metadata, spec } = find(manifests, 'Deployment', 'web').spec.template;
    expect(metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '9100',
      'prometheus.io/path': '/stats',
    });
    expect(spec.containers[0]).toMatchObject({
      name: 'server',
      command: ['./web', '--port=8080'],
      env: [
        { name: 'COLOR', value: 'blue' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'web', key: 'token' } } },
      ],
      ports: [
        { name: 'http', containerPort: 8080 },
        { name: 'http-metrics', containerPort: 9100 },
      ],
      readinessProbe: { httpGet: { path: '/ready', port: 8080 }, initialDelaySeconds: 2, periodSeconds: 5 },
      livenessProbe: { exec: { command: ['check'] }, timeoutSeconds: 3, failureThreshold: 5 },
      resources: { requests: { cpu: '1' } },
    });
  });

  test('serves the host with a certificate and below a path', () => {
    const { metadata, spec } = find(
      synthesiseApp({ ingressOptions: { tlsSecretName: 'cert', path: '/api', annotations: { a: 'b' } } }),
      'Ingress',
      'web',
    );
    expect(metadata).toMatchObject({ annotations: { a: 'b' } });
    expect(spec.tls).toEqual([{ hosts: ['web.example.com'], secretName: 'cert' }]);
    expect(spec.rules[0].http.paths[0].path).toBe('/api');
  });

  test('passes its policy on', () => {
    const { spec } = find(
      synthesiseApp({
        progressDeadline: Duration.minutes(2),
        suspend: true,
        servicePort: 8443,
        service: { portDiscovery: true },
      }),
      'Canary',
      'web',
    );
    expect(spec).toMatchObject({
      progressDeadlineSeconds: 120,
      suspend: true,
      service: { port: 8443, targetPort: 8080, portDiscovery: true },
    });
  });

  test('has alerts of its own through an AlertProvider each', () => {
    const manifests = synthesiseApp({
      alerts: [Alert.slack({ webhookUrl: { secretName: 'slack' }, channel: 'shop', level: 'error' })],
    });
    expect(find(manifests, 'AlertProvider', 'web-slack').spec).toEqual({
      type: 'slack',
      channel: 'shop',
      username: 'flagger',
      secretRef: { name: 'slack' },
    });
    expect(find(manifests, 'Canary', 'web').spec.analysis.alerts).toEqual([
      { name: 'slack', severity: 'error', providerRef: { name: 'web-slack' } },
    ]);
  });

  test('with Services alone is released blue/green and needs no host', () => {
    const manifests = synthesiseApp({ routing: Routing.kubernetes(), host: undefined });
    const { spec } = find(manifests, 'Canary', 'web');
    expect(spec.provider).toBe('kubernetes');
    expect(spec).not.toHaveProperty('ingressRef');
    expect(spec.analysis).toMatchObject({ iterations: 10 });
    expect(spec.analysis.webhooks[0].metadata).toMatchObject({
      type: 'load',
      url: 'http://web-canary.shop/',
    });
    expect(manifests.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  });

  test('shares a namespace with another application, declared once', () => {
    const chart = createChart();
    const platform = new CanaryPlatform(chart, 'platform');
    for (const name of ['cart', 'catalogue']) {
      new CanaryApp(chart, name, {
        platform,
        namespace: 'shop',
        image: 'a:1',
        port: 80,
        host: `${name}.example.com`,
      });
    }
    const namespaces = synthesise(chart).filter(({ kind }) => kind === 'Namespace');
    expect(namespaces.filter(({ metadata }) => metadata.name === 'shop')).toHaveLength(1);
  });

  test("lives in its chart's namespace when it names none", () => {
    const chart = createChart({ namespace: 'shop' });
    const platform = new CanaryPlatform(chart, 'platform');
    new CanaryApp(chart, 'web', { platform, image: 'a:1', port: 80, host: 'web.example.com' });
    expect(find(synthesise(chart), 'Canary', 'web').metadata.namespace).toBe('shop');
  });

  test("in a chart of its own comes after the platform's", () => {
    const app = new App();
    const first = new Chart(app, 'z-platform');
    const platform = new CanaryPlatform(first, 'platform');
    const second = new Chart(app, 'a-web');
    new CanaryApp(second, 'web', {
      platform,
      namespace: 'shop',
      image: 'a:1',
      port: 80,
      host: 'web.example.com',
    });
    const manifests = synthesise(second);
    expect(app.charts.map(({ node }) => node.id)).toEqual(['z-platform', 'a-web']);
    expect(manifests[0]).toMatchObject({ kind: 'Namespace', metadata: { name: 'shop' } });
  });
});

describe('CanaryApp refuses', () => {
  test.each([
    ['a URL for a host', { host: 'https://web.example.com/' }, 'CONSTRUCT_HOST'],
    ['no host where the router needs one', { host: undefined }, 'CONSTRUCT_HOST_MISSING'],
    ['a port that there is not', { port: 70000 }, 'CONSTRUCT_OUT_OF_RANGE'],
    ['a name that cannot be a Service', { name: 'Web_1' }, 'CONSTRUCT_NAME'],
    ['a name with no room for -primary', { name: 'w'.repeat(60) }, 'CONSTRUCT_NAME'],
    [
      'shares without a router',
      { routing: Routing.kubernetes(), strategy: Strategy.canary() },
      'CONSTRUCT_STRATEGY_ROUTING',
    ],
    [
      'fewer replicas at most than at least',
      { autoscaling: { minReplicas: 3, maxReplicas: 2 } },
      'CONSTRUCT_OUT_OF_RANGE',
    ],
    [
      'two metrics of one name',
      { metrics: [Metric.successRate({ min: 1 }), Metric.successRate({ min: 2 })] },
      'CONSTRUCT_DUPLICATE_NAME',
    ],
    [
      'an alert whose URL is under another key',
      { alerts: [Alert.teams({ webhookUrl: { secretName: 's', key: 'url' } })] },
      'CONSTRUCT_ALERT_SECRET_KEY',
    ],
  ])('%s, and says where', (_what, props, code) => {
    const error = failure(() => synthesiseApp(props));
    expect(error).toMatchObject({ name: 'PerchError', code });
    expect(error.path).toMatch(/^chart\/web/);
    expect(error.remedy).not.toBe('');
  });

  test('a patch that Flagger would refuse, at synth', () => {
    const chart = createChart();
    const platform = new CanaryPlatform(chart, 'platform');
    const app = new CanaryApp(chart, 'web', { platform, image: 'a:1', port: 80, host: 'web.example.com' });
    app.canary.addJsonPatch(JsonPatch.add('/spec/analysis/stepWieght', 5));
    expect(() => synthesise(chart)).toThrow(/\[chart\/web\/release\] Canary web.*stepWieght[\s\S]*remedy/);
  });
});
