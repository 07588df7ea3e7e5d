// A platform with all that one can have, and an application for each of it. Synthesised by `perch synth`, with
// REVISION (what the applications are of), SERVER (metrics and alerts go there) and SCOPE (cluster or namespace).
import { ApiObject, App, Chart, Duration, JsonPatch } from 'cdk8s';
import { Alert, CanaryApp, CanaryPlatform, CanaryRelease, Check, Metric, Metrics, Strategy } from 'perch';
import { place } from './place.ts';
import { knative, routings } from './routings.ts';
import { beside, daemonSet, scaled, templates } from './stackObjects.ts';

const { REVISION = '1', SERVER = 'http://127.0.0.1:9090', SCOPE = 'cluster' } = process.env;

const app = new App();
const chart = new Chart(app, 'rights', { namespace: place.app });
const { nginx, services, ...others } = routings;
const platform = new CanaryPlatform(chart, 'platform', {
  namespace: place.system,
  routing: nginx,
  furtherRoutings: [services, ...Object.values(others), knative],
  metrics: Metrics.existingPrometheus({ address: SERVER }),
  // what admission asks for is tried with the one, that nothing is idle with the other
  controller: SCOPE === 'namespace' ? { watchNamespace: place.app, enforcedOwners: true } : {},
});
const image = `registry.example.com/app:${REVISION}`;
const shared = {
  platform,
  namespace: place.app,
  image,
  port: 8080,
  checks: [],
  autoscaling: { minReplicas: 1, maxReplicas: 1 + Number(REVISION) },
};
const half = Strategy.canary({ interval: Duration.seconds(10), stepWeight: 50, maxWeight: 50 });
const blueGreen = Strategy.blueGreen({ interval: Duration.seconds(10), iterations: 1 });

const web = new CanaryApp(chart, 'nginx', {
  ...shared,
  routing: nginx,
  host: 'nginx.example.com',
  strategy: half,
  env: { PASSWORD: { secretName: 'database', key: 'password' } },
  metrics: templates.map(({ name }) =>
    Metric.template(name, { template: name, min: 0, interval: Duration.minutes(1) }),
  ),
  alerts: [Alert.slack({ webhookUrl: { secretName: 'alerts' } })],
  checks: [Check.confirmPromotion({ url: `${SERVER}/gate` })],
});
web.deployment.addJsonPatch(
  JsonPatch.add('/spec/template/spec/containers/0/envFrom', [{ configMapRef: { name: 'settings' } }]),
);
new CanaryApp(chart, 'services', { ...shared, routing: services, strategy: blueGreen, metrics: [] });
for (const [name, routing] of Object.entries(others)) {
  const host = `${name}.example.com`;
  new CanaryApp(chart, name, { ...shared, routing, host, strategy: half, metrics: [] });
}
new CanaryRelease(chart, 'knative', {
  platform,
  knativeService: 'knative',
  namespace: place.app,
  routing: knative,
  strategy: half,
  metrics: [],
  checks: [],
});
for (const object of [
  ...beside(REVISION, SERVER),
  ...daemonSet(image, SERVER),
  ...scaled(image, REVISION, SERVER),
])
  new ApiObject(chart, `${object.kind}-${object.metadata.name}`, object);
for (const { name, spec } of templates)
  new ApiObject(chart, `template-${name}`, {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name, namespace: place.app },
    spec: spec(SERVER),
  });
app.synth();
