import type { Canary, CanaryService, ServiceMetadata } from '../../../api/canary.js';
import { apiVersion } from '../../../api/kinds.js';
import { isOwnedBy, ownedBy, unmanagedByToolkit } from '../../../api/ownership.js';
import { type Service, type ServicePort, Services } from '../../../api/workloads.js';
import type { Objects } from '../../../ports/objects.js';
import { createOnce, modify } from '../../cache/objects.js';
import { sameJson } from '../../sameJson.js';

/** One of the three Services of a canary, as it should be. */
export interface ServiceBlueprint {
  readonly name: string;
  /** Label that selects pods, and the value it must have. */
  readonly label: string;
  readonly value: string;
  readonly ports: readonly ServicePort[];
  /** From `spec.service.apex`, `.primary` or `.canary`. */
  readonly metadata: ServiceMetadata | undefined;
}

type Metadata = { labels: Record<string, string>; annotations: Record<string, string> };

/** Creates the Service, or puts right what of it perch answers for. True when something was written. */
export async function ensureService(
  objects: Objects,
  canary: Canary,
  service: CanaryService,
  blueprint: ServiceBlueprint,
): Promise<boolean> {
  const key = { namespace: canary.metadata.namespace ?? '', name: blueprint.name };
  const missing = !objects.read(Services, key);
  if (missing) await createOnce(objects, Services, newService(canary, service, blueprint));
  // of a missing one too: somebody may have made it a moment ago, and it may select pods that are about to go
  const changed = await modify(objects, Services, key, (live) => corrected(canary, service, live, blueprint));
  return missing || changed;
}

function newService(canary: Canary, service: CanaryService, blueprint: ServiceBlueprint): Service {
  return {
    apiVersion: apiVersion(Services),
    kind: Services.kind,
    metadata: {
      name: blueprint.name,
      namespace: canary.metadata.namespace,
      ...ownMetadata(blueprint),
      ownerReferences: ownedBy(canary),
    },
    spec: {
      type: 'ClusterIP',
      ...(service.headless ? { clusterIP: 'None' } : {}),
      ...(service.trafficDistribution ? { trafficDistribution: service.trafficDistribution } : {}),
      ports: [...blueprint.ports],
      selector: { [blueprint.label]: blueprint.value },
    },
  };
}

/**
 * Ports and selector are always ours; labels and annotations only of a Service that perch made, since an apex
 * Service that was there before belongs to the user.
 */
function corrected(
  canary: Canary,
  service: CanaryService,
  live: Service,
  blueprint: ServiceBlueprint,
): Service | undefined {
  const selector = { [blueprint.label]: blueprint.value };
  const metadata = isOwnedBy(canary, live)
    ? keepUnmanaged(ownMetadata(blueprint), live, service)
    : {
        labels: live.metadata.labels ?? {},
        annotations: { ...live.metadata.annotations, ...unmanagedByToolkit },
      };
  const same =
    sameJson(comparablePorts(live.spec.ports ?? []), comparablePorts(blueprint.ports)) &&
    sameJson(live.spec.selector ?? {}, selector) &&
    sameJson(live.metadata.labels ?? {}, metadata.labels) &&
    sameJson(live.metadata.annotations ?? {}, metadata.annotations);
  if (same) return undefined;
  return {
    ...live,
    metadata: { ...live.metadata, ...metadata },
    spec: { ...live.spec, selector, ports: withNodePorts(blueprint.ports, live.spec.ports ?? []) },
  };
}

function ownMetadata({ label, name, metadata }: ServiceBlueprint): Metadata {
  return {
    labels: { ...metadata?.labels, [label]: name },
    annotations: { ...metadata?.annotations, ...unmanagedByToolkit },
  };
}

function keepUnmanaged(own: Metadata, live: Service, { unmanagedMetadata }: CanaryService): Metadata {
  const kept = (map: Record<string, string> | undefined, keys: readonly string[] | undefined) =>
    Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => keys?.includes(key)));
  return {
    labels: { ...own.labels, ...kept(live.metadata.labels, unmanagedMetadata?.labels) },
    annotations: { ...own.annotations, ...kept(live.metadata.annotations, unmanagedMetadata?.annotations) },
  };
}

/** Order and node ports aside, which the API server chooses; with the defaults that it fills in. */
function comparablePorts(ports: readonly ServicePort[]): unknown[] {
  return ports
    .map((port) => [
      port.name ?? '',
      port.port,
      port.targetPort ?? port.port,
      port.protocol ?? 'TCP',
      port.appProtocol ?? '',
    ])
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function withNodePorts(ports: readonly ServicePort[], live: readonly ServicePort[]): ServicePort[] {
  return ports.map((port) => {
    const nodePort = live.find((other) => other.port === port.port)?.nodePort;
    return nodePort === undefined ? port : { ...port, nodePort };
  });
}
