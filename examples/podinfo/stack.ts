import { Chart, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Alert,
  CanaryApp,
  CanaryPlatform,
  type CanaryPlatformProps,
  Check,
  Metric,
  Probe,
  Strategy,
} from 'perch';

/** What differs from one cluster to the next. */
export interface PodinfoProps {
  /** @default ghcr.io/stefanprodan/podinfo:6.9.0 */
  readonly image?: string;
  /** @default podinfo.example.com */
  readonly host?: string;
  /** Where the Teams alerts go through; null for straight on. @default http://proxy.example.com:3128 */
  readonly proxy?: string | null;
  /** Images and the like of the platform. */
  readonly platform?: CanaryPlatformProps;
}

/** podinfo, released in steps of 5 % up to 50 %, judged by its errors and by its latency. */
export class Podinfo extends Chart {
  readonly platform: CanaryPlatform;
  readonly app: CanaryApp;

  constructor(scope: Construct, id = 'podinfo', props: PodinfoProps = {}) {
    super(scope, id);
    this.platform = new CanaryPlatform(this, 'platform', {
      alert: Alert.teams({
        webhookUrl: { secretName: 'teams-webhook' },
        ...(props.proxy !== null && { proxy: props.proxy ?? 'http://proxy.example.com:3128' }),
      }),
      ...props.platform,
    });
    this.app = new CanaryApp(this, 'podinfo', {
      platform: this.platform,
      namespace: 'test',
      image: props.image ?? 'ghcr.io/stefanprodan/podinfo:6.9.0',
      port: 9898,
      host: props.host ?? 'podinfo.example.com',
      containerName: 'podinfod',
      command: ['./podinfo', '--port=9898', '--port-metrics=9797', '--level=info'],
      scrape: { port: 9797 },
      readiness: podcli('readyz'),
      liveness: podcli('healthz'),
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '2', memory: '512Mi' } },
      autoscaling: { minReplicas: 2, maxReplicas: 4, cpuPercent: 99 },
      progressDeadline: Duration.seconds(60),
      strategy: Strategy.canary({
        interval: Duration.seconds(10),
        threshold: 10,
        stepWeight: 5,
        maxWeight: 50,
      }),
      metrics: [Metric.successRate({ min: 99 }), Metric.promql('latency', { query: latency, max: 0.5 })],
      checks: [
        // a Service leads to its pods a moment after they are ready: asked again a second later, and two after that
        Check.acceptance({
          command: ({ canaryUrl }) => `curl -sd 'test' ${canaryUrl}/token | grep token`,
          retries: 2,
        }),
        Check.load({ command: ({ host, routerUrl }) => `hey -z 1m -q 10 -c 2 -host ${host} ${routerUrl}/` }),
      ],
    });
  }
}

/** Seconds that 99 of 100 requests to the new version's pods stay below. */
const latency = `histogram_quantile(0.99,
  sum(
    rate(
      http_request_duration_seconds_bucket{
        kubernetes_namespace="{{ namespace }}",
        kubernetes_pod_name=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"
      }[1m]
    )
  ) by (le)
)
`;

/** The image's own client asks, so that the probe does not count as a request of a user. */
function podcli(path: string): Probe {
  return Probe.command(['podcli', 'check', 'http', `localhost:9898/${path}`], {
    initialDelay: Duration.seconds(1),
    timeout: Duration.seconds(5),
  });
}
