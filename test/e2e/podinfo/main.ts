// examples/podinfo with the images of the cluster under test: what `perch synth` is given by the e2e job.
import { App } from 'cdk8s';
import { Metrics, Routing } from 'perch';
import { Podinfo } from '../../../examples/podinfo/stack.ts';
import { proxyUrl } from './receiver.ts';

const { PERCH_IMAGE: image, INGRESS_NGINX_IMAGE: router, PROMETHEUS_IMAGE: prometheus } = process.env;

const app = new App();
new Podinfo(app, 'podinfo', {
  proxy: proxyUrl,
  platform: {
    ...(image && { image }),
    routing: Routing.ingressNginx({ serviceType: 'NodePort', ...(router && { image: router }) }),
    metrics: Metrics.prometheus(prometheus ? { image: prometheus } : {}),
  },
});
app.synth();
