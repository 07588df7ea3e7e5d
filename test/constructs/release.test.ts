import { Deployment } from 'cdk8s-plus-27';
import { CanaryPlatform, CanaryRelease } from '../../lib/index.js';
import { createChart, failure, find, synthesise } from './bench.js';

function declare() {
  const chart = createChart({ namespace: 'shop' });
  const deployment = new Deployment(chart, 'web', { containers: [{ image: 'web:1', portNumber: 8080 }] });
  return { chart, deployment, platform: new CanaryPlatform(chart, 'platform') };
}

describe('CanaryRelease', () => {
  test('reads name, namespace and port of a cdk8s-plus Deployment', () => {
    const { chart, deployment, platform } = declare();
    new CanaryRelease(chart, 'release', { platform, deployment, name: 'web', host: 'web.example.com' });
    const { metadata, spec } = find(synthesise(chart), 'Canary', 'web');
    expect(metadata.namespace).toBe('shop');
    expect(spec.targetRef.name).toBe(deployment.name);
    expect(spec.service).toEqual({ name: 'web', port: 80, targetPort: 8080 });
    expect(spec).not.toHaveProperty('autoscalerRef');
  });

  test('the controller knows the label that cdk8s-plus selects pods by', () => {
    const { chart, deployment } = declare();
    const controller = find(synthesise(chart), 'Deployment', 'perch-controller');
    const { args } = controller.spec.template.spec.containers[0];
    const flag = args.find((arg: string) => arg.startsWith('-selector-labels='));
    const [label] = Object.keys(deployment.matchLabels);
    expect(flag.split(/[=,]/)).toContain(label);
  });

  test('takes the name of a Deployment, and an Ingress that is there already', () => {
    const { chart, platform } = declare();
    new CanaryRelease(chart, 'release', {
      platform,
      deployment: 'legacy',
      port: 80,
      ingress: 'storefront',
      autoscaler: 'legacy-scaler',
      host: 'shop.example.com',
    });
    const manifests = synthesise(chart);
    const { spec } = find(manifests, 'Canary', 'legacy');
    expect(spec.ingressRef.name).toBe('storefront');
    expect(spec.autoscalerRef.name).toBe('legacy-scaler');
    expect(manifests.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  });

  test('refuses a Deployment whose port it cannot know', () => {
    const { chart, platform } = declare();
    const error = failure(
      () => new CanaryRelease(chart, 'r', { platform, deployment: 'legacy', host: 'a.example.com' }),
    );
    expect(error).toMatchObject({ code: 'CONSTRUCT_PORT_MISSING', path: 'chart/r' });
  });
});
