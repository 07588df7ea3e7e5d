// A stack whose every Secret holds a marker, with a controller that has rights in one namespace only.
import { ApiObject, App, Chart, Duration, JsonPatch } from 'cdk8s';
import { Alert, CanaryApp, CanaryPlatform, Check, Metric, Metrics, Routing, Strategy } from 'perch';
import { place, receiver } from './place.ts';
import { program } from './receiver.ts';

const { PERCH_IMAGE: image = 'perch-controller:dev', REVISION: revision = '1' } = process.env;
const address = `http://${receiver}.${place.app}`;

const app = new App();
const chart = new Chart(app, 'security');
const platform = new CanaryPlatform(chart, 'platform', {
  namespace: place.system,
  image,
  crds: false,
  routing: Routing.kubernetes(),
  metrics: Metrics.existingPrometheus({ address, honorLabels: true }),
  controller: { watchNamespace: place.app, supports: [], logLevel: 'debug' },
});
const web = new CanaryApp(chart, 'web', {
  platform,
  namespace: place.app,
  image,
  command: ['node', '-e', program],
  port: 8080,
  env: { PASSWORD: { secretName: 'database', key: 'password' }, REVISION: revision },
  // of the MetricTemplate below
  secrets: ['metrics'],
  autoscaling: { minReplicas: 1, maxReplicas: 1 },
  strategy: Strategy.blueGreen({ interval: Duration.seconds(10), iterations: 1, threshold: 2 }),
  metrics: [Metric.template('answer', { template: 'answer', max: 1, interval: Duration.minutes(1) })],
  checks: [Check.acceptance({ command: 'echo accepted' }), Check.load({ requestsPerSecond: 5, workers: 1 })],
  alerts: [Alert.teams({ webhookUrl: { secretName: 'teams' } })],
});
web.deployment.addJsonPatch(
  JsonPatch.add('/spec/template/spec/containers/0/envFrom', [{ configMapRef: { name: 'settings' } }]),
);
new ApiObject(chart, 'template', {
  apiVersion: 'flagger.app/v1beta1',
  kind: 'MetricTemplate',
  metadata: { name: 'answer', namespace: place.app },
  spec: { provider: { type: 'prometheus', address, secretRef: { name: 'metrics' } }, query: 'vector(1)' },
});
app.synth();
