// The controller, Prometheus and a canary of each plane: what `perch synth` is given by the journey.
import { App, Chart, Duration } from 'cdk8s';
import { CanaryPlatform, CanaryRelease, Metric, Metrics, Routing, Strategy } from 'perch';
import { istioSeries } from './istioSeries.ts';
import { place } from './place.ts';
import { hostOf, planes } from './plane.ts';
import { traefikClass } from './proxies.ts';

const { PERCH_IMAGE: image, PROMETHEUS_IMAGE: prometheusImage } = process.env;

/** One line of a user's program each. */
const routings: Readonly<Record<string, Routing>> = {
  nginx: Routing.ingressNginx({ install: false }),
  proxy: Routing.contour(),
  route: Routing.gatewayApi({
    gateway: { name: 'contour', namespace: 'projectcontour' },
    implementation: 'contour',
  }),
  traefik: Routing.traefik(),
  'traefik-route': Routing.gatewayApi({
    gateway: { name: 'traefik', namespace: 'traefik' },
    implementation: 'traefik',
  }),
  'traefik-nginx': Routing.traefikIngressNginx({ className: traefikClass }),
  istio: Routing.istio({ gateways: ['istio-system/public-gateway'], inject: false }),
};

const app = new App();
const chart = new Chart(app, 'platform');
const platform = new CanaryPlatform(chart, 'platform', {
  namespace: place.system,
  ...(image && { image }),
  routing: routings.nginx!,
  furtherRoutings: Object.values(routings),
  metrics: Metrics.prometheus({
    scrapeInterval: Duration.seconds(1),
    ...(prometheusImage && { image: prometheusImage }),
  }),
  controller: { watchNamespace: place.apps },
  loadTester: false,
  crds: false,
});
istioSeries(platform);

const window = Duration.seconds(10);
for (const plane of planes) {
  new CanaryRelease(new Chart(app, plane.name, { labels: { plane: plane.name } }), 'release', {
    platform,
    namespace: place.apps,
    deployment: plane.name,
    port: 8080,
    host: hostOf(plane),
    routing: routings[plane.name]!,
    strategy: Strategy.canary({ interval: Duration.seconds(10), threshold: 2, stepWeights: [10, 30, 50] }),
    metrics: [
      Metric.successRate({ min: 99, interval: window }),
      Metric.duration({ max: Duration.seconds(1), interval: window }),
    ],
  });
}
app.synth();
