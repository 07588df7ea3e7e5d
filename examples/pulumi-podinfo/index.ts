import * as pulumi from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import { CanaryApp, CanaryPlatform, Check, Metric, Strategy } from 'perch/pulumi';

const config = new pulumi.Config();

const platform = new CanaryPlatform('platform', {
  image: config.get('perchImage') ?? 'perch-controller:dev',
});

// `pulumi config set image …` and `pulumi up` release it step by step; a rollback fails the update with the reason.
const podinfo = new CanaryApp('podinfo', {
  platform,
  namespace: 'test',
  image: config.get('image') ?? 'ghcr.io/stefanprodan/podinfo:6.9.0',
  port: 9898,
  host: config.get('host') ?? 'podinfo.example.com',
  command: ['./podinfo', '--port=9898', '--port-metrics=9797', '--level=info'],
  scrape: { port: 9797 },
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '2', memory: '512Mi' } },
  autoscaling: { minReplicas: 2, maxReplicas: 4, cpuPercent: 99 },
  progressDeadline: Duration.seconds(60),
  strategy: Strategy.canary({
    interval: Duration.seconds(10),
    threshold: 10,
    stepWeight: 5,
    maxWeight: 50,
  }),
  metrics: [Metric.successRate({ min: 99 }), Metric.duration({ max: Duration.millis(500) })],
  checks: [
    // a Service leads to its pods a moment after they are ready: asked again a second later, and two after that
    Check.acceptance({
      command: ({ canaryUrl }) => `curl -sd 'test' ${canaryUrl}/token | grep token`,
      retries: 2,
    }),
    Check.load({ command: ({ host, routerUrl }) => `hey -z 1m -q 10 -c 2 -host ${host} ${routerUrl}/` }),
  ],
});

export const url = podinfo.url;
export const phase = podinfo.phase;
export const primaryRevision = podinfo.primaryRevision;
