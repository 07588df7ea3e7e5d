import { admissionCases } from './cluster/admission.js';
import { applyCases } from './cluster/apply.js';
import { ClusterBed, type ClusterUnderTest } from './cluster/bed.js';
import { deletionCases } from './cluster/deletion.js';
import { statusCases } from './cluster/status.js';
import { watchCases } from './cluster/watch.js';
import { writeCases } from './cluster/writes.js';

export type { ClusterUnderTest } from './cluster/bed.js';

/** Behaviours of ports.Cluster that the engine relies on; the virtual and the real API server show them alike. */
export function clusterConformance(name: string, makeCluster: () => Promise<ClusterUnderTest>): void {
  describe(`${name} behaves as a Kubernetes API server`, () => {
    const bed = new ClusterBed();
    beforeEach(async () => bed.use(await makeCluster()));
    afterEach(() => bed.test.dispose());

    writeCases(bed);
    statusCases(bed);
    watchCases(bed);
    applyCases(bed);
    admissionCases(bed);
    deletionCases(bed);
  });
}
