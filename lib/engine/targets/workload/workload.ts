import type { Canary } from '../../../api/canary.js';
import { primaryName, serviceNames } from '../../../api/defaults.js';
import { Services, type Workload } from '../../../api/workloads.js';
import { createOnce, modify } from '../../cache/objects.js';
import { revisionOf } from '../revision.js';
import { scalerOf } from '../scaler/registry.js';
import type { Target, TargetContext } from '../target.js';
import { servicePorts } from './ports.js';
import { newPrimary, promotedPrimary } from './primary.js';
import { releaseService } from './release.js';
import { podSelector } from './selector.js';
import { ensureService } from './services.js';
import type { WorkloadTraits } from './traits.js';
import { requireService, targetNotFound, viewOfPrimary, viewOfTarget } from './views.js';

/** Releases what runs pods by a template: the target itself runs the new revision, `<target>-primary` the proven one. */
export function workloadTarget<W extends Workload>(
  context: TargetContext,
  traits: WorkloadTraits<W>,
): Target {
  const { objects, configs } = context;
  const { kind } = traits;
  const keyOf = (canary: Canary, name: string) => ({ namespace: canary.metadata.namespace ?? '', name });
  const readTarget = (canary: Canary) => objects.read(kind, keyOf(canary, canary.spec.targetRef.name));
  const readPrimary = (canary: Canary) => objects.read(kind, keyOf(canary, primaryName(canary)));
  const requireTarget = (canary: Canary): W => {
    const target = readTarget(canary);
    if (!target) throw targetNotFound(canary, kind);
    return target;
  };
  const ensureServices = async (canary: Canary, which: readonly ServiceRole[]): Promise<boolean> => {
    const target = requireTarget(canary);
    let changed = false;
    for (const role of which) changed = (await ensureRole(context, traits, canary, target, role)) || changed;
    return changed;
  };

  return {
    kind,
    watches(canary) {
      const scaler = scalerOf(canary);
      return [kind, Services, ...(scaler ? [scaler.kind] : [])];
    },
    observe: async (canary, now) => ({
      ...(await viewOfTarget(context, traits, canary, now, readTarget(canary))),
      ...viewOfPrimary(traits, canary, now, readPrimary(canary)),
    }),
    async ensurePrimary(canary) {
      const services = await ensureServices(canary, ['canary', 'primary']);
      const name = primaryName(canary);
      const missing = !readPrimary(canary);
      if (missing) {
        const target = requireTarget(canary);
        const copied = await configs.copy(canary, target.spec.template);
        if (copied === 'moved') return true;
        const source = { canary, target, traits, settings: context, configs: copied };
        await createOnce(objects, kind, newPrimary(source, name));
      }
      const scaler = (await scalerOf(canary)?.ensurePrimary(objects, canary, name)) ?? false;
      return services || missing || scaler;
    },
    ensureApex: (canary) => ensureServices(canary, ['apex']),
    async promote(canary, revision, expected) {
      const target = requireTarget(canary);
      if (revisionOf(traits.template(target)) !== revision) return 'moved';
      const copied = await configs.copy(canary, target.spec.template, expected);
      if (copied === 'moved') return 'moved';
      const name = primaryName(canary);
      const source = { canary, target, traits, settings: context, configs: copied };
      const workload = await modify(objects, kind, keyOf(canary, name), (primary) =>
        promotedPrimary(source, primary),
      );
      const scaler = (await scalerOf(canary)?.promote(objects, canary, name)) ?? false;
      return workload || scaler || copied?.changed === true;
    },
    scale: (canary, to) => scale(context, traits, canary, requireTarget(canary), readPrimary(canary), to),
    async revert(canary) {
      const target = readTarget(canary);
      return target ? scale(context, traits, canary, target, readPrimary(canary), 'back') : false;
    },
    releaseApex: (canary) => releaseApex(context, traits, canary, requireTarget(canary)),
  };
}

/** A scaler would undo what is done to its target's pods: it is told first. */
async function scale<W extends Workload>(
  { objects }: TargetContext,
  traits: WorkloadTraits<W>,
  canary: Canary,
  target: W,
  primary: W | undefined,
  to: 'zero' | 'up' | 'back',
): Promise<boolean> {
  const scaler = scalerOf(canary);
  const paused = (await scaler?.pause(objects, canary, to === 'zero')) ?? false;
  const minReplicas = scaler?.minReplicas(objects, canary);
  const standing = { canary, target, primary, minReplicas };
  const patch = to === 'back' ? traits.reverting(standing) : traits.scaling(standing, to);
  if (patch === undefined) return paused;
  const key = { namespace: canary.metadata.namespace ?? '', name: canary.spec.targetRef.name };
  await objects.patch(traits.kind, key, 'merge', patch);
  return true;
}

function releaseApex<W extends Workload>(
  { objects, selectorLabels }: TargetContext,
  traits: WorkloadTraits<W>,
  canary: Canary,
  target: W,
): Promise<boolean> {
  const { label, canary: value } = podSelector(traits.kind, target, selectorLabels);
  return releaseService(objects, canary, serviceNames(canary).apex, { [label]: value });
}

type ServiceRole = 'apex' | 'primary' | 'canary';

function ensureRole<W extends Workload>(
  { objects, selectorLabels }: TargetContext,
  traits: WorkloadTraits<W>,
  canary: Canary,
  target: W,
  role: ServiceRole,
): Promise<boolean> {
  const service = requireService(canary);
  const selector = podSelector(traits.kind, target, selectorLabels);
  return ensureService(objects, canary, service, {
    name: serviceNames(canary)[role],
    label: selector.label,
    value: role === 'canary' ? selector.canary : selector.primary,
    ports: servicePorts(service, target.spec.template.spec),
    metadata: service[role],
  });
}
