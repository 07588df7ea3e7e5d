import { App, Chart } from 'cdk8s';
import { CanaryApp, CanaryPlatform } from 'perch';

const app = new App();
const chart = new Chart(app, 'minimal');

new CanaryApp(chart, 'web', {
  platform: new CanaryPlatform(chart, 'platform'),
  image: 'ghcr.io/stefanprodan/podinfo:6.9.0',
  port: 9898,
  host: 'web.example.com',
});

app.synth();
