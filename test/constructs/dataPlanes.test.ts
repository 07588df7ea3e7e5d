import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CanaryPlatform, Routing } from '../../lib/index.js';
import { createChart, failure, find, type Manifest, synthesise, synthesiseApp } from './bench.js';

const installed = (props = {}): Manifest[] =>
  synthesiseApp({}, { routing: Routing.gatewayApi({ contour: props }) });

function fileOf(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'perch-definitions-')), 'crds.yaml');
  writeFileSync(file, text);
  return file;
}

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gateways.gateway.networking.k8s.io }
spec: {}
`;

describe('Routing.gatewayApi without a Gateway', () => {
  test('installs Contour and Envoy in a namespace of their own, with a Gateway for all namespaces', () => {
    const manifests = installed();
    expect(find(manifests, 'Namespace', 'projectcontour')).toBeDefined();
    expect(find(manifests, 'GatewayClass', 'contour').metadata.namespace).toBeUndefined();
    const { metadata, spec } = find(manifests, 'Gateway', 'contour');
    expect(metadata.namespace).toBe('projectcontour');
    expect(spec.listeners[0].allowedRoutes).toEqual({ namespaces: { from: 'All' } });
    const config = manifests.find(
      ({ kind, metadata: { name } }) => kind === 'ConfigMap' && name === 'contour',
    );
    expect(config?.data['contour.yaml']).toBe(
      'gateway:\n  gatewayRef:\n    name: contour\n    namespace: projectcontour\n',
    );
  });

  test('routes attach to that Gateway, load tests go to its Envoy, whose series judge', () => {
    const manifests = installed({ namespace: 'edge', gatewayName: 'public' });
    const { spec } = find(manifests, 'Canary', 'web');
    expect(spec.service.gatewayRefs).toEqual([{ name: 'public', namespace: 'edge' }]);
    expect(spec.analysis.webhooks[0].metadata).toMatchObject({
      url: 'http://envoy.edge/',
      host: 'web.example.com',
    });
    expect(find(manifests, 'MetricTemplate', 'web-success-rate').spec.query).toContain(
      'envoy_cluster_upstream_rq',
    );
    expect(find(manifests, 'Deployment', 'envoy').spec.template.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '8002',
      'prometheus.io/path': '/stats/prometheus',
    });
  });

  test('nothing of it runs as root, writes its root or may gain privileges, and Envoy has no token', () => {
    const manifests = installed();
    const pods = manifests
      .filter(
        ({ kind, metadata }) =>
          ['Deployment', 'Job'].includes(kind) && metadata.namespace === 'projectcontour',
      )
      .map(({ spec }) => spec.template.spec);
    expect(pods).toHaveLength(3);
    for (const { containers, initContainers = [] } of pods) {
      for (const { securityContext } of [...containers, ...initContainers]) {
        expect(securityContext).toMatchObject({
          runAsNonRoot: true,
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
    expect(find(manifests, 'Deployment', 'envoy').spec.template.spec.automountServiceAccountToken).toBe(
      false,
    );
  });

  test('may change nothing in the cluster but the status of routes, and the two Secrets of its own', () => {
    const manifests = installed();
    const writes = (kind: string, name: string) =>
      find(manifests, kind, name)
        .rules.filter(({ verbs }: { verbs: string[] }) =>
          verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)),
        )
        .flatMap(({ resources }: { resources: string[] }) => resources);
    for (const resource of writes('ClusterRole', 'projectcontour-contour'))
      expect(resource).toMatch(/\/status$/);
    expect(find(manifests, 'Role', 'contour-certgen').rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: ['contourcert', 'envoycert'],
        verbs: ['update'],
      },
    ]);
  });

  test('a new version of Contour makes new certificates by a job of its own', () => {
    const jobs = (image?: string) =>
      installed(image ? { image } : {})
        .filter(({ kind }) => kind === 'Job')
        .map(({ metadata }) => metadata.name);
    expect(jobs()).toEqual(['contour-certgen-v1-33-8']);
    expect(jobs('registry.example.com:5000/contour:v1.34.0')).toEqual(['contour-certgen-v1-34-0']);
    expect(jobs('registry.example.com:5000/contour')).toEqual(['contour-certgen-latest']);
  });

  test('says where the CRDs are to be had, or takes them along, first of all', () => {
    const chart = createChart({ namespace: 'elsewhere' });
    const without = new CanaryPlatform(chart, 'a', { routing: Routing.gatewayApi() });
    expect(without.expectations).toEqual([
      expect.stringMatching(/kubectl apply --server-side -f https:.*gateway-api.*standard-install\.yaml/),
      expect.stringMatching(/kubectl apply --server-side -f https:.*contour.*01-crds\.yaml/),
    ]);
    const definitions = [fileOf(definition)];
    const other = createChart({ namespace: 'elsewhere' });
    const platform = new CanaryPlatform(other, 'b', {
      routing: Routing.gatewayApi({ contour: { definitions } }),
    });
    expect(platform.expectations).toEqual([]);
    const manifests = synthesise(other);
    const name = 'gateways.gateway.networking.k8s.io';
    expect(find(manifests, 'CustomResourceDefinition', name).metadata.namespace).toBeUndefined();
    const kinds = manifests.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('CustomResourceDefinition')).toBeLessThan(kinds.indexOf('Gateway'));
  });

  test.each([
    ['a file that is not there', () => '/nowhere/crds.yaml', 'could not read /nowhere/crds.yaml'],
    [
      'a file of something else',
      () => fileOf('apiVersion: v1\nkind: Pod\nmetadata: { name: p }\n'),
      'got v1 Pod',
    ],
  ])('refuses %s', (_, source, message) => {
    const error = failure(() => installed({ definitions: [source()] }));
    expect(error.code).toBe('CONSTRUCT_DEFINITIONS');
    expect(error.message).toContain(message);
  });

  test('is installed beside ingress-nginx while applications move from one to the other', () => {
    const manifests = synthesiseApp({}, { furtherRoutings: [Routing.gatewayApi()] });
    expect(find(manifests, 'Deployment', 'ingress-nginx-controller')).toBeDefined();
    expect(find(manifests, 'Deployment', 'contour')).toBeDefined();
    expect(find(manifests, 'Canary', 'web').spec.provider).toBe('nginx');
  });
});
