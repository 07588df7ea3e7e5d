import { trafficSplits } from '../../routers/smi/kinds.js';
import { istio } from '../dataPlanes/istio.js';
import { linkerd } from '../dataPlanes/linkerd.js';
import { openServiceMesh } from '../dataPlanes/openServiceMesh.js';
import { withinMesh } from './mesh.js';
import type { RouterModel } from './model.js';
import { weighed } from './shares.js';

const kinds = (['v1alpha1', 'v1alpha2', 'v1alpha3'] as const).map(trafficSplits);
const dataPlanes = [linkerd, openServiceMesh, istio];

/** TrafficSplits of SMI, whichever mesh obeys them: each that does counts in its own series. */
export const serviceMeshInterface: RouterModel = {
  kinds,
  dataPlanes,
  route({ list }, request) {
    const splits = kinds
      .flatMap((kind) => list(kind))
      .map(({ metadata, spec }) => {
        const namespace = metadata.namespace ?? '';
        const entries = weighed(spec?.backends ?? [], ({ weight = 0 }) => Number(weight));
        return {
          ...{ namespace, root: spec?.service ?? '' },
          service: (spec?.service ?? '').split('.')[0]!,
          split: entries.map(({ entry: { service }, share }) => ({ namespace, service, share })),
        };
      });
    const counts = dataPlanes.map((by) => ({ by, labels: {} }));
    const byName = splits.find(({ root }) => root === request.host);
    const service = byName ? { namespace: byName.namespace, name: byName.service } : request.service;
    return withinMesh(splits, { ...request, ...(service && { service }) }, () => counts);
  },
};
