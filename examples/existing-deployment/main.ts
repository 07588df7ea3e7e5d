import { App, Chart, Duration } from 'cdk8s';
import { Deployment, HorizontalPodAutoscaler } from 'cdk8s-plus-27';
import { CanaryPlatform, CanaryRelease, Routing, Strategy } from 'perch';

const app = new App();

// What there was before perch, and stays as it is.
const shop = new Chart(app, 'shop', { namespace: 'shop' });
const web = new Deployment(shop, 'web', {
  metadata: { name: 'web' },
  containers: [
    { image: 'ghcr.io/stefanprodan/podinfo:6.9.0', portNumber: 9898, securityContext: { user: 100 } },
  ],
});
const scaler = new HorizontalPodAutoscaler(shop, 'web-scaler', { target: web, maxReplicas: 4 });

// The cluster has an ingress-nginx already, and an Ingress `storefront` for the Service `web`.
const perch = new Chart(app, 'perch');
const platform = new CanaryPlatform(perch, 'platform', { routing: Routing.ingressNginx({ install: false }) });
const strategy = Strategy.canary({ interval: Duration.seconds(30), stepWeights: [1, 5, 20, 50] });

new CanaryRelease(perch, 'web', {
  platform,
  deployment: web,
  autoscaler: scaler.name,
  ingress: 'storefront',
  host: 'shop.example.com',
  strategy,
});

// A Deployment that is not part of any program: its name is enough.
new CanaryRelease(perch, 'api', {
  platform,
  namespace: 'shop',
  deployment: 'api',
  port: 8080,
  host: 'api.shop.example.com',
  strategy,
});

app.synth();
