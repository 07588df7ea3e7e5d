import { App, Chart, Duration } from 'cdk8s';
import { CanaryApp, CanaryPlatform, Metric, Metrics, Strategy } from 'perch';

const app = new App();
const chart = new Chart(app, 'existing-prometheus');

const platform = new CanaryPlatform(chart, 'platform', {
  // In another namespace, with the scrape job that most have: it renames the router's `namespace` label.
  metrics: Metrics.existingPrometheus({ address: 'http://prometheus.monitoring:9090' }),
});

new CanaryApp(chart, 'podinfo', {
  platform,
  namespace: 'test',
  image: 'ghcr.io/stefanprodan/podinfo:6.9.0',
  port: 9898,
  host: 'podinfo.example.com',
  strategy: Strategy.canary({ interval: Duration.seconds(10), stepWeight: 10, maxWeight: 50 }),
  metrics: [Metric.successRate({ min: 99 }), Metric.duration({ max: Duration.millis(500) })],
});

app.synth();
