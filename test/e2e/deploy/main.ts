// A shop that is released blue/green in one namespace: what `perch deploy` is given by the e2e job.
import { ApiObject, App, Chart, Duration } from 'cdk8s';
import { CanaryApp, CanaryPlatform, Check, Metric, Metrics, Routing, Strategy } from 'perch';
import { place } from './place.ts';

const { PERCH_IMAGE: image, PROMETHEUS_IMAGE: prometheus, SHOP_TAG: tag = '6.9.0' } = process.env;
const is = (name: string) => process.env.SHOP_IS?.split(',').includes(name) ?? false;

const app = new App();
const chart = new Chart(app, 'shop');
const platform = new CanaryPlatform(chart, 'platform', {
  namespace: place.system,
  crds: is('defining'),
  routing: Routing.kubernetes(),
  metrics: Metrics.prometheus(prometheus ? { image: prometheus } : {}),
  controller: { watchNamespace: place.app },
  ...(image && { image }),
});
new CanaryApp(chart, 'shop', {
  platform,
  namespace: place.app,
  image: `ghcr.io/stefanprodan/podinfo:${tag}`,
  port: 9898,
  command: ['./podinfo', '--port=9898', ...(is('slow') ? slowness() : [])],
  autoscaling: { minReplicas: 1, maxReplicas: 2 },
  strategy: Strategy.blueGreen({ interval: Duration.seconds(10), iterations: 2, threshold: 2 }),
  metrics: [Metric.duration({ max: Duration.millis(500), interval: Duration.seconds(30) })],
  checks: [Check.load()],
});
if (is('noted')) {
  const metadata = { name: 'notes', namespace: place.app };
  new ApiObject(chart, 'notes', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } });
}
if (is('broken')) {
  const metadata = (name: string) => ({ name, namespace: place.app });
  new ApiObject(chart, 'door', { apiVersion: 'v1', kind: 'Service', metadata: metadata('door'), spec: {} });
  new ApiObject(chart, 'thing', { apiVersion: 'example.com/v1', kind: 'Thing', metadata: metadata('thing') });
}
app.synth();

/** Every answer takes a second, or more. */
function slowness(): string[] {
  const between = ['--random-delay-min=1000', '--random-delay-max=1500', '--random-delay-unit=ms'];
  return ['--random-delay=true', ...between];
}
