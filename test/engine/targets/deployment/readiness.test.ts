import type { Deployment } from '../../../../lib/api/workloads.js';
import { deploymentReadiness } from '../../../../lib/engine/targets/deployment/readiness.js';
import { podinfo } from '../../world.js';

const NOW = Date.parse('2026-01-01T00:10:00Z');

function deployment(status: Deployment['status'], replicas = 2): Deployment {
  const target = podinfo();
  target.metadata.generation = 3;
  target.spec.replicas = replicas;
  target.status = { observedGeneration: 3, ...status };
  return target;
}

const progressing = { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' };
const unavailable = (lastUpdateTime: string) => ({
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  lastUpdateTime,
});

describe('readiness of a Deployment', () => {
  it.each([
    ['all its pods are available', { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }, 2],
    ['it is asked for no pod', {}, 0],
  ])('is given when %s', (_, status, replicas) => {
    expect(deploymentReadiness(deployment(status, replicas), 60, 100, NOW)).toEqual({ ready: true });
  });

  it.each([
    [
      { observedGeneration: 2 },
      'waiting for rollout to finish: observed deployment generation less than desired generation',
    ],
    [
      { updatedReplicas: 1, replicas: 2 },
      'waiting for rollout to finish: 1 out of 2 new replicas have been updated',
    ],
    [
      { updatedReplicas: 2, replicas: 3, availableReplicas: 3 },
      'waiting for rollout to finish: 1 old replicas are pending termination',
    ],
    [
      { updatedReplicas: 2, replicas: 2, availableReplicas: 1 },
      'waiting for rollout to finish: 1 of 2 (readyThreshold 100%) updated replicas are available',
    ],
  ])('with %j says so in the words of Flagger', (status, message) => {
    expect(deploymentReadiness(deployment(status), 60, 100, NOW)).toEqual({
      ready: false,
      retriable: true,
      message,
    });
  });

  it('asks for the share of pods that the threshold names, rounded down', () => {
    const status = { updatedReplicas: 3, replicas: 3, availableReplicas: 1 };
    expect(deploymentReadiness(deployment(status, 3), 60, 50, NOW)).toEqual({ ready: true });
    expect(deploymentReadiness(deployment(status, 3), 60, 67, NOW)).toMatchObject({
      message: 'waiting for rollout to finish: 1 of 2 (readyThreshold 67%) updated replicas are available',
    });
  });

  it('is beyond hope once the Deployment says that its deadline is exceeded', () => {
    const conditions = [{ ...progressing, status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(deploymentReadiness(deployment({ conditions }), 60, 100, NOW)).toEqual({
      ready: false,
      retriable: false,
      message: 'deployment "podinfo" exceeded its progress deadline',
    });
  });

  it('is beyond hope from the moment that pods have been missing for the deadline', () => {
    const conditions = [progressing, unavailable('2026-01-01T00:09:00Z')];
    const target = deployment({ updatedReplicas: 2, replicas: 2, availableReplicas: 0, conditions });
    const deadlineAt = NOW;
    expect(deploymentReadiness(target, 60, 100, NOW - 1)).toMatchObject({ retriable: true, deadlineAt });
    expect(deploymentReadiness(target, 60, 100, NOW)).toMatchObject({ retriable: false, deadlineAt });
  });

  it('is beyond hope once its rollout stands still for the deadline, though old pods make up for the new ones', () => {
    const available = { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' };
    const conditions = [{ ...progressing, lastUpdateTime: '2026-01-01T00:09:00Z' }, available];
    const target = deployment({ updatedReplicas: 2, replicas: 4, availableReplicas: 2, conditions });
    expect(deploymentReadiness(target, 60, 100, NOW - 1)).toMatchObject({ retriable: true, deadlineAt: NOW });
    expect(deploymentReadiness(target, 60, 100, NOW)).toMatchObject({ retriable: false, deadlineAt: NOW });
  });

  it('has no deadline of its own when a rollout that had ended falls short of a pod', () => {
    const ended = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };
    const conditions = [
      { ...ended, lastUpdateTime: '2026-01-01T00:00:00Z' },
      { type: 'Available', status: 'True' },
    ];
    const target = deployment({ updatedReplicas: 2, replicas: 2, availableReplicas: 1, conditions });
    expect(deploymentReadiness(target, 0, 100, NOW)).not.toHaveProperty('deadlineAt');
  });
});
