// The platform for these rollouts alone: what `perch synth` is given.
import { App, Chart, Duration } from 'cdk8s';
import { CanaryPlatform, Metrics, Routing } from 'perch';
import { place } from './place.ts';

const { PERCH_IMAGE: image, INGRESS_NGINX_IMAGE: router, PROMETHEUS_IMAGE: prometheus } = process.env;

const app = new App();
new CanaryPlatform(new Chart(app, 'rollouts'), 'platform', {
  namespace: place.system,
  ...(image && { image }),
  routing: Routing.ingressNginx({
    namespace: place.system,
    className: place.ingressClass,
    serviceType: 'ClusterIP',
    ...(router && { image: router }),
  }),
  metrics: Metrics.prometheus({
    scrapeInterval: Duration.seconds(2),
    ...(prometheus && { image: prometheus }),
  }),
  controller: { watchNamespace: place.namespace, leaderElection: false },
  loadTester: false,
  crds: false,
});
app.synth();
