import * as pulumi from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import { CanaryApp, CanaryPlatform, Check, Metric, Metrics, Routing, Strategy } from 'perch/pulumi';

const config = new pulumi.Config();
const image = (name: string) => {
  const given = config.get(name);
  return given === undefined ? {} : { image: given };
};

const platform = new CanaryPlatform('platform', {
  namespace: 'pulumi-system',
  // The journeys share them.
  crds: false,
  routing: Routing.ingressNginx({
    namespace: 'pulumi-router',
    className: 'pulumi',
    serviceType: 'NodePort',
    ...image('routerImage'),
  }),
  metrics: Metrics.prometheus(image('prometheusImage')),
  controller: { watchNamespace: 'pulumi-app' },
  ...image('perchImage'),
});

// A tag that is known when the program has begun, as one of a registry's is.
const tag = pulumi.output(Promise.resolve(config.get('tag') ?? '6.9.0'));
const faults = config.getBoolean('faulty') ? ['--random-error=true'] : [];

const podinfo = new CanaryApp('podinfo', {
  platform,
  namespace: 'pulumi-app',
  image: pulumi.interpolate`ghcr.io/stefanprodan/podinfo:${tag}`,
  port: 9898,
  host: 'pulumi.example.com',
  command: ['./podinfo', '--port=9898', ...faults],
  autoscaling: { minReplicas: 1, maxReplicas: 2 },
  strategy: Strategy.canary({
    interval: Duration.seconds(10),
    threshold: 2,
    stepWeight: 25,
    maxWeight: 50,
  }),
  metrics: [Metric.successRate({ min: 99, interval: Duration.seconds(30) })],
  checks: [Check.load()],
  waitTimeout: '5m',
});

export const url = podinfo.url;
export const phase = podinfo.phase;
export const primaryRevision = podinfo.primaryRevision;
