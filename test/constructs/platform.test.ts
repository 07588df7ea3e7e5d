import { Duration, JsonPatch } from 'cdk8s';
import { Alert, CanaryPlatform, type CanaryPlatformProps, Metrics, Routing } from '../../lib/index.js';
import { createChart, failure, find, type Manifest, synthesise } from './bench.js';

function synthesisePlatform(props: CanaryPlatformProps = {}): Manifest[] {
  const chart = createChart();
  new CanaryPlatform(chart, 'platform', props);
  return synthesise(chart);
}

function containerOf(manifests: readonly Manifest[], name: string) {
  return find(manifests, 'Deployment', name).spec.template.spec.containers[0];
}

describe('CanaryPlatform', () => {
  test('puts namespaces and CRDs before everything else', () => {
    const kinds = synthesisePlatform().map(({ kind }) => kind);
    const foundation = ['Namespace', 'CustomResourceDefinition'];
    const firstOther = kinds.findIndex((kind) => !foundation.includes(kind));
    expect(kinds.slice(0, firstOther).sort()).toEqual([
      ...Array(3).fill('CustomResourceDefinition'),
      ...Array(2).fill('Namespace'),
    ]);
    expect(kinds.slice(firstOther).filter((kind) => foundation.includes(kind))).toEqual([]);
  });

  test('declares the namespaces of its parts once each', () => {
    const manifests = synthesisePlatform({
      namespace: 'delivery',
      routing: Routing.ingressNginx({ namespace: 'delivery' }),
      loadTester: { namespace: 'test' },
    });
    const namespaces = manifests
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata }) => metadata.name);
    expect(namespaces.sort()).toEqual(['delivery', 'test']);
    expect(find(manifests, 'Deployment', 'perch-loadtester').metadata.namespace).toBe('test');
  });

  test('leaves cluster-wide objects without a namespace in a chart that has one', () => {
    const chart = createChart({ namespace: 'elsewhere' });
    new CanaryPlatform(chart, 'platform');
    const wide = /^(Cluster|CustomResource|IngressClass|Namespace)/;
    const placed = synthesise(chart).filter(({ kind, metadata }) => wide.test(kind) && metadata.namespace);
    expect(placed).toEqual([]);
  });

  test('the controller asks the Prometheus that the platform installs', () => {
    const { args } = containerOf(synthesisePlatform({ namespace: 'delivery' }), 'perch-controller');
    expect(args).toContain('-metrics-server=http://prometheus.delivery:9090');
    expect(args).toContain('-mesh-provider=nginx');
    expect(args).toContain('-leader-election-namespace=delivery');
  });

  test('an existing Prometheus replaces the one of its own', () => {
    const manifests = synthesisePlatform({
      metrics: Metrics.existingPrometheus({ address: 'http://prometheus.monitoring:9090/' }),
    });
    expect(manifests.filter(({ metadata }) => metadata.name.includes('prometheus'))).toEqual([]);
    const { args } = containerOf(manifests, 'perch-controller');
    expect(args).toContain('-metrics-server=http://prometheus.monitoring:9090');
  });

  test('an existing ingress-nginx is left alone', () => {
    const manifests = synthesisePlatform({ routing: Routing.ingressNginx({ install: false }) });
    expect(manifests.filter(({ metadata }) => metadata.name.includes('nginx'))).toEqual([]);
    expect(containerOf(manifests, 'perch-controller').args).toContain('-mesh-provider=nginx');
  });

  test('the router announces its metrics to Prometheus, which keeps their namespace label', () => {
    const manifests = synthesisePlatform();
    const router = find(manifests, 'Deployment', 'ingress-nginx-controller').spec.template;
    expect(router.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '10254',
    });
    expect(router.spec.containers[0].args).toContain('--enable-metrics=true');
    const config = manifests.find(({ kind, data }) => kind === 'ConfigMap' && data['prometheus.yml']);
    expect(config?.data['prometheus.yml']).toContain('honor_labels: true');
    expect(config?.data['prometheus.yml']).toContain('target_label: kubernetes_pod_name');
  });

  test('images, retention and scrape interval are the ones given', () => {
    const manifests = synthesisePlatform({
      image: 'registry.example.com/perch:1',
      routing: Routing.ingressNginx({ image: 'registry.example.com/router:1', serviceType: 'NodePort' }),
      metrics: Metrics.prometheus({
        image: 'registry.example.com/prometheus:1',
        retention: Duration.hours(2),
        scrapeInterval: Duration.seconds(2),
      }),
    });
    expect(containerOf(manifests, 'perch-controller').image).toBe('registry.example.com/perch:1');
    expect(containerOf(manifests, 'perch-loadtester').image).toBe('registry.example.com/perch:1');
    expect(containerOf(manifests, 'ingress-nginx-controller').image).toBe('registry.example.com/router:1');
    const prometheus = containerOf(manifests, 'prometheus');
    expect(prometheus.image).toBe('registry.example.com/prometheus:1');
    expect(prometheus.args).toContain('--storage.tsdb.retention.time=7200s');
    expect(find(manifests, 'ConfigMap', 'prometheus').data['prometheus.yml']).toContain(
      'scrape_interval: 2s',
    );
    expect(find(manifests, 'Service', 'ingress-nginx-controller').spec.type).toBe('NodePort');
  });

  test('perch itself runs without root, without a writable root and with limited memory', () => {
    const manifests = synthesisePlatform();
    for (const name of ['perch-controller', 'perch-loadtester', 'prometheus']) {
      const { securityContext, resources } = containerOf(manifests, name);
      expect(securityContext).toMatchObject({ runAsNonRoot: true, readOnlyRootFilesystem: true });
      expect(resources.limits.memory).toBeDefined();
    }
  });

  test('a Teams alert reaches the controller as a reference to its Secret, never as a value', () => {
    const manifests = synthesisePlatform({
      alert: Alert.teams({
        webhookUrl: { secretName: 'teams', key: 'url' },
        proxy: 'http://proxy.example.com:3128',
      }),
    });
    expect(containerOf(manifests, 'perch-controller').env).toEqual([
      { name: 'MSTEAMS_URL', valueFrom: { secretKeyRef: { name: 'teams', key: 'url' } } },
      { name: 'MSTEAMS_PROXY_URL', value: 'http://proxy.example.com:3128' },
    ]);
  });

  test('a Slack alert says channel and sender by flags', () => {
    const manifests = synthesisePlatform({
      alert: Alert.slack({ webhookUrl: { secretName: 'slack' }, channel: 'releases' }),
    });
    const { args, env } = containerOf(manifests, 'perch-controller');
    expect(args).toEqual(expect.arrayContaining(['-slack-channel=releases', '-slack-user=flagger']));
    expect(env).toEqual([
      { name: 'SLACK_URL', valueFrom: { secretKeyRef: { name: 'slack', key: 'address' } } },
    ]);
  });

  test('a controller of one namespace has no rights elsewhere', () => {
    const manifests = synthesisePlatform({ controller: { watchNamespace: 'shop' } });
    const clusterRoles = manifests.filter(
      ({ kind, metadata }) => kind === 'ClusterRole' && metadata.name.includes('controller'),
    );
    expect(clusterRoles).toEqual([]);
    const roles = manifests.filter(
      ({ kind, metadata }) => kind === 'Role' && metadata.name === 'perch-controller',
    );
    expect(roles.map(({ metadata }) => metadata.namespace).sort()).toEqual(['perch-system', 'shop']);
  });

  test('controllers of two namespaces do not wait for each other: each has its Lease where it watches', () => {
    const manifests = synthesisePlatform({ controller: { watchNamespace: 'shop' } });
    const elects = manifests.filter(
      ({ kind, rules }) => kind === 'Role' && JSON.stringify(rules).includes('flagger-leader-election'),
    );
    expect(elects.map(({ metadata }) => metadata.namespace)).toEqual(['shop']);
    const { args } = containerOf(manifests, 'perch-controller');
    expect(args).toContain('-leader-election-namespace=shop');
  });

  test('a controller of one namespace is granted Kuma’s TrafficRoutes everywhere, as they belong to none', () => {
    const routing = Routing.kuma();
    const manifests = synthesisePlatform({ routing, controller: { watchNamespace: 'shop' } });
    const { rules } = find(manifests, 'ClusterRole', 'perch-system-perch-controller');
    expect(rules.map(({ resources }: { resources: string[] }) => resources)).toEqual([['trafficroutes']]);
    const here = manifests.find(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'shop');
    expect(JSON.stringify(here)).not.toContain('trafficroutes');
  });

  test('the controller may delete no workload, and reads no Secret but those that are named, unless told', () => {
    const verbsOf = (resource: string, props: Partial<CanaryPlatformProps> = {}) =>
      find(synthesisePlatform(props), 'ClusterRole', 'perch-system-perch-controller')
        .rules.filter(({ resources }: { resources: string[] }) => resources.includes(resource))
        .flatMap(({ verbs }: { verbs: string[] }) => verbs);
    expect(verbsOf('secrets')).toEqual([]);
    expect(verbsOf('secrets', { controller: { secrets: 'all' } })).toEqual([
      ...['get', 'list', 'watch', 'create', 'update'],
    ]);
    expect(verbsOf('secrets', { controller: { secrets: 'all', configTracking: false } })).toEqual(['get']);
    expect(verbsOf('ingresses', { routing: Routing.istio() })).toEqual([]);
    expect(verbsOf('deployments')).not.toContain('delete');
  });

  test('where the cluster enforces owners, the controller may delete what it changes the owners of, and no workload', () => {
    const deletable = (controller: CanaryPlatformProps['controller']) =>
      find(
        synthesisePlatform({ controller: { ...controller } }),
        'ClusterRole',
        'perch-system-perch-controller',
      )
        .rules.filter(
          ({ apiGroups, verbs }: { apiGroups: string[]; verbs: string[] }) =>
            apiGroups.includes('') && verbs.includes('delete'),
        )
        .flatMap(({ resources }: { resources: string[] }) => resources);
    expect(deletable({})).toEqual([]);
    expect(deletable({ enforcedOwners: true })).toEqual(['services', 'configmaps']);
    expect(deletable({ enforcedOwners: true, secrets: 'all' })).toEqual([
      'services',
      'configmaps',
      'secrets',
    ]);
    expect(deletable({ enforcedOwners: true, configTracking: false })).toEqual(['services']);
  });

  describe('the load tester', () => {
    test('is reached by the controller alone, wherever it runs', () => {
      const manifests = synthesisePlatform({ loadTester: { namespace: 'test' } });
      const { metadata, spec } = find(manifests, 'NetworkPolicy', 'perch-loadtester');
      expect(metadata.namespace).toBe('test');
      const { labels } = find(manifests, 'Deployment', 'perch-controller').spec.template.metadata;
      expect(spec.ingress).toContainEqual({
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'perch-system' } },
            podSelector: { matchLabels: labels },
          },
        ],
        ports: [{ protocol: 'TCP', port: 8080 }],
      });
    });

    test('shows its metrics by a port of their own, which alone is open to everybody', () => {
      const manifests = synthesisePlatform();
      const { spec } = find(manifests, 'NetworkPolicy', 'perch-loadtester');
      const open = spec.ingress.filter(({ from }: { from?: unknown }) => from === undefined);
      expect(open).toEqual([{ ports: [{ protocol: 'TCP', port: 8081 }] }]);
      const { args, ports } = containerOf(manifests, 'perch-loadtester');
      expect(args).toEqual(expect.arrayContaining(['-port=8080', '-metrics-port=8081']));
      expect(ports).toContainEqual({ name: 'metrics', containerPort: 8081 });
    });

    test('and the controller share a token that no manifest holds and that it sees the digest of', () => {
      const manifests = synthesisePlatform({ loadTester: { namespace: 'test' } });
      const [secret, digest] = ['Secret', 'ConfigMap'].map((kind) =>
        find(manifests, kind, 'perch-loadtester-token'),
      );
      expect(secret!.metadata.namespace).toBe('perch-system');
      expect(digest!.metadata.namespace).toBe('test');
      for (const object of [secret, digest]) expect(object).not.toHaveProperty('data');
      expect(JSON.stringify(find(manifests, 'Deployment', 'perch-loadtester'))).not.toContain('secret');
      expect(containerOf(manifests, 'perch-controller').args).toEqual(
        expect.arrayContaining([
          '-loadtester=http://perch-loadtester.test/',
          '-loadtester-token=perch-system/perch-loadtester-token',
          '-loadtester-digest=test/perch-loadtester-token',
        ]),
      );
      const role = manifests.find(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'test');
      expect(role?.rules).toEqual([
        {
          apiGroups: [''],
          resources: ['configmaps'],
          resourceNames: ['perch-loadtester-token'],
          verbs: ['get', 'update'],
        },
      ]);
    });

    test('has no rights in the cluster but those of an account that is named', () => {
      const podOf = (loadTester?: { serviceAccountName: string }) =>
        find(synthesisePlatform(loadTester && { loadTester }), 'Deployment', 'perch-loadtester').spec.template
          .spec;
      expect(podOf()).toMatchObject({ automountServiceAccountToken: false });
      expect(podOf()).not.toHaveProperty('serviceAccountName');
      expect(podOf({ serviceAccountName: 'checks' })).toMatchObject({
        automountServiceAccountToken: true,
        serviceAccountName: 'checks',
      });
    });

    test('is open to everybody only when that is said', () => {
      const manifests = synthesisePlatform({ loadTester: { allowPlainRequests: true } });
      const kinds = manifests.map(({ kind }) => kind);
      expect(kinds).not.toContain('NetworkPolicy');
      expect(kinds).not.toContain('Secret');
      expect(containerOf(manifests, 'perch-loadtester').args).toContain('-allow-plain-requests');
      expect(containerOf(manifests, 'perch-controller').args.join(' ')).not.toContain('-loadtester');
    });

    test('runs the programs that are named, and so many at once', () => {
      const { args } = containerOf(
        synthesisePlatform({ loadTester: { programs: ['hey', 'curl'], maxRunning: 5 } }),
        'perch-loadtester',
      );
      expect(args).toEqual(expect.arrayContaining(['-allow-programs=hey,curl', '-max-running=5']));
    });
  });

  test('two platforms in one program share no cluster-wide role', () => {
    const chart = createChart();
    new CanaryPlatform(chart, 'one', { namespace: 'one', crds: false });
    new CanaryPlatform(chart, 'two', { namespace: 'two', crds: false, routing: Routing.kubernetes() });
    const roles = synthesise(chart).filter(({ kind }) => kind === 'ClusterRole');
    const names = roles.map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('what is synthesised can be patched', () => {
    const chart = createChart();
    const platform = new CanaryPlatform(chart, 'platform');
    platform.controller.deployment.addJsonPatch(JsonPatch.replace('/spec/replicas', 3));
    expect(find(synthesise(chart), 'Deployment', 'perch-controller').spec.replicas).toBe(3);
  });
});

describe('CanaryPlatform refuses', () => {
  test('an address of Prometheus without its scheme', () => {
    const metrics = Metrics.existingPrometheus({ address: 'prometheus.monitoring:9090' });
    const error = failure(() => new CanaryPlatform(createChart(), 'platform', { metrics }));
    expect(error).toMatchObject({ code: 'CONSTRUCT_METRICS_ADDRESS', path: 'chart/platform' });
    expect(error.message).toContain('"prometheus.monitoring:9090"');
  });

  test('a proxy that is a bare host name', () => {
    const alert = Alert.teams({ webhookUrl: { secretName: 'teams' }, proxy: 'my-http-proxy.com' });
    const error = failure(() => new CanaryPlatform(createChart(), 'platform', { alert }));
    expect(error).toMatchObject({ code: 'CONSTRUCT_ALERT_PROXY', path: 'chart/platform' });
    expect(error.remedy).toContain('http://my-http-proxy.com');
  });

  test('a retention of less than a second', () => {
    const metrics = Metrics.prometheus({ retention: Duration.millis(1500) });
    const error = failure(() => new CanaryPlatform(createChart(), 'platform', { metrics }));
    expect(error).toMatchObject({ code: 'CONSTRUCT_PERIOD', path: 'chart/platform/prometheus' });
  });
});
