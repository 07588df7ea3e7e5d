import { ApiObject, App, Chart } from 'cdk8s';
import { CanaryApp, CanaryPlatform, CanaryRelease } from '../../lib/index.js';
import { createChart, synthesise } from './bench.js';

const base = { image: 'web:1', port: 8080, host: 'web.example.com', namespace: 'test' };

function declare() {
  const chart = createChart();
  return { chart, platform: new CanaryPlatform(chart, 'platform') };
}

describe('synthesis refuses', () => {
  test('two applications of one name, by both paths', () => {
    const { chart, platform } = declare();
    new CanaryApp(chart, 'web', { ...base, platform });
    new CanaryApp(chart, 'other', { ...base, platform, name: 'web' });
    expect(() => synthesise(chart)).toThrow(
      /chart\/web and chart\/other both declare Deployment test\/web, HorizontalPodAutoscaler test\/web, Ingress test\/web, Canary test\/web.*\n\s+remedy: .*\[CONSTRUCT_DECLARED_TWICE\]/,
    );
  });

  test('two releases of one Deployment, whatever they are called', () => {
    const { chart, platform } = declare();
    const release = { platform, namespace: 'test', port: 80, deployment: 'web' };
    new CanaryRelease(chart, 'one', { ...release, host: 'one.example.com' });
    new CanaryRelease(chart, 'two', { ...release, host: 'two.example.com', name: 'two' });
    expect(() => synthesise(chart)).toThrow(
      /chart\/one and chart\/two both declare a release of Deployment test\/web\n/,
    );
  });

  test('an application and a release of its Deployment', () => {
    const { chart, platform } = declare();
    new CanaryApp(chart, 'web', { ...base, platform });
    new CanaryRelease(chart, 'again', {
      platform,
      deployment: 'web',
      port: 80,
      namespace: 'test',
      host: base.host,
    });
    expect(() => synthesise(chart)).toThrow(
      /chart\/web and chart\/again both declare Ingress test\/web, Canary test\/web/,
    );
  });

  test('two platforms, in one line, wherever their charts are', () => {
    const app = new App();
    new CanaryPlatform(new Chart(app, 'one', { namespace: 'a' }), 'platform');
    new CanaryPlatform(new Chart(app, 'two', { namespace: 'b' }), 'platform');
    expect(() => app.synthYaml()).toThrow(
      /one\/platform and two\/platform both declare CustomResourceDefinition .* and \d+ more\n\s+remedy: .*App of its own/,
    );
  });

  test('an object of the program’s own that perch declares too', () => {
    const { chart, platform } = declare();
    new CanaryApp(chart, 'web', { ...base, platform });
    new ApiObject(chart, 'scaler', {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'test' },
    });
    expect(() => synthesise(chart)).toThrow(
      /chart\/web and chart\/scaler both declare HorizontalPodAutoscaler test\/web\n/,
    );
  });
});

describe('synthesis takes', () => {
  test('one name in two namespaces', () => {
    const { chart, platform } = declare();
    new CanaryApp(chart, 'web', { ...base, platform });
    new CanaryApp(chart, 'preview', { ...base, platform, name: 'web', namespace: 'preview' });
    expect(synthesise(chart).filter(({ kind }) => kind === 'Canary')).toHaveLength(2);
  });

  test('an Ingress that two releases share by its name', () => {
    const { chart, platform } = declare();
    for (const deployment of ['cart', 'catalogue'])
      new CanaryRelease(chart, deployment, {
        platform,
        deployment,
        port: 80,
        ingress: 'shop',
        host: base.host,
      });
    expect(synthesise(chart).filter(({ kind }) => kind === 'Canary')).toHaveLength(2);
  });

  test('what the program declares twice by itself, as charts for several clusters may', () => {
    const { chart } = declare();
    for (const cluster of ['east', 'west'])
      new ApiObject(chart, cluster, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
    expect(synthesise(chart).filter(({ kind }) => kind === 'ConfigMap').length).toBeGreaterThan(2);
  });
});
