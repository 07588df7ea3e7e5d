import { Chart, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { CanaryApp, CanaryPlatform, Metric, Strategy } from 'perch';

/** The shop's release policy, apart from main.ts so that a test can take it. */
export class Shop extends Chart {
  constructor(scope: Construct, id = 'shop') {
    super(scope, id);
    new CanaryApp(this, 'shop', {
      platform: new CanaryPlatform(this, 'platform'),
      namespace: 'shop',
      image: 'ghcr.io/stefanprodan/podinfo:6.9.0',
      port: 9898,
      host: 'shop.example.com',
      strategy: Strategy.canary({
        interval: Duration.seconds(30),
        threshold: 3,
        stepWeight: 10,
        maxWeight: 50,
      }),
      metrics: [Metric.successRate({ min: 99 }), Metric.duration({ max: Duration.millis(500) })],
    });
  }
}
