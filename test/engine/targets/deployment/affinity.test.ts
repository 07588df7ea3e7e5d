import { primaryPodSpec } from '../../../../lib/engine/targets/deployment/affinity.js';

const labels = ['app', 'name'];
const selector = (key: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator: 'In', values }],
});

describe('the pod spec of a primary', () => {
  it('keeps away from the pods of the primary where the target kept away from its own', () => {
    const { affinity } = primaryPodSpec(
      {
        containers: [],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: selector('app', 'other', 'podinfo', 'podinfo'), topologyKey: 'host' },
            ],
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                podAffinityTerm: { labelSelector: { matchLabels: { app: 'podinfo', tier: 'podinfo' } } },
              },
            ],
          },
        },
      },
      'podinfo',
      labels,
    );
    expect(affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: selector('app', 'other', 'podinfo-primary', 'podinfo'), topologyKey: 'host' },
        ],
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 1,
            podAffinityTerm: { labelSelector: { matchLabels: { app: 'podinfo-primary', tier: 'podinfo' } } },
          },
        ],
      },
    });
  });

  it('spreads over the pods of the primary', () => {
    const { topologySpreadConstraints } = primaryPodSpec(
      {
        containers: [],
        topologySpreadConstraints: [{ maxSkew: 1, labelSelector: { matchLabels: { app: 'podinfo' } } }],
      },
      'podinfo',
      labels,
    );
    expect(topologySpreadConstraints).toEqual([
      { maxSkew: 1, labelSelector: { matchLabels: { app: 'podinfo-primary' } } },
    ]);
  });

  it('leaves affinity to pods and nodes, and labels that select nothing of ours, alone', () => {
    const spec = {
      containers: [],
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector('app', 'podinfo') }],
        },
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector('tier', 'podinfo') }],
        },
      },
    };
    expect(primaryPodSpec(spec, 'podinfo', labels)).toEqual(spec);
  });
});
