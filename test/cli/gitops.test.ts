import { parseAllDocuments } from 'yaml';
import { controlledFields } from '../../lib/api/controlledFields.js';
import { gitopsSettings } from '../../lib/cli/gitopsSettings.js';
import { podinfo } from '../sim/podinfo.js';

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'podinfo', namespace: 'test' },
};
const elsewhere = { ...service, metadata: { name: 'podinfo', namespace: 'other' } };
const settings = (tool: 'argocd' | 'flux', objects = podinfo()) =>
  parseAllDocuments(gitopsSettings(tool, controlledFields(objects))).map((document) => document.toJS());
const target = { group: 'apps', kind: 'Deployment', namespace: 'test', name: 'podinfo' };

test('Argo CD leaves the replicas of a target alone, when it compares and when it syncs', () => {
  expect(settings('argocd')).toEqual([
    {
      spec: {
        ignoreDifferences: [{ ...target, jsonPointers: ['/spec/replicas'] }],
        syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] },
      },
    },
  ]);
});

test('Flux leaves them alone in a Kustomization and in a HelmRelease', () => {
  const ignore = [{ paths: ['/spec/replicas'], target }];
  expect(settings('flux')).toEqual([
    { spec: { ignore } },
    { spec: { driftDetection: { mode: 'enabled', ignore } } },
  ]);
});

test('an apex Service of the user is the controller to lead, one of another namespace is not', () => {
  const [{ spec }] = settings('argocd', [...podinfo(), service, elsewhere]) as [
    { spec: Record<string, object[]> },
  ];
  expect(spec.ignoreDifferences).toHaveLength(2);
  expect(spec.ignoreDifferences?.[1]).toMatchObject({
    kind: 'Service',
    namespace: 'test',
    jsonPointers: [
      '/spec/selector',
      '/spec/ports',
      '/metadata/annotations/kustomize.toolkit.fluxcd.io~1reconcile',
      '/metadata/annotations/helm.toolkit.fluxcd.io~1driftDetection',
    ],
  });
});

test('without a canary there is nothing to leave alone', () => {
  expect(gitopsSettings('flux', controlledFields([service]))).toMatch(/^# Nothing/);
});
