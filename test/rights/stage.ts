import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flaggerCrds } from '../../lib/api/crds.js';
import { defineKind, type Kind, type KubeObject } from '../../lib/api/kinds.js';
import { type Secret, Secrets } from '../../lib/api/workloads.js';
import { resolveKinds } from '../../lib/deploy/kinds.js';
import { inOrder } from '../../lib/deploy/order.js';
import { type ControlPlane, eventually, startControlPlane } from '../soak/controlPlane.js';
import { auditFlags } from './auditLog.js';
import { foreignDefinitions } from './definitions.js';
import { account, place, user } from './place.js';

const Namespaces: Kind = defineKind('', 'v1', 'Namespace', 'namespaces', false);

/** A control plane that writes down what the controller asks, and serves all that a platform may have to do with. */
export interface Stage extends ControlPlane {
  readonly folder: string;
  readonly auditLog: string;
  apply(objects: readonly KubeObject[]): Promise<void>;
  /** A token of the controller's service account. */
  issueToken(): Promise<string>;
}

export interface StageOptions {
  /** Whether the owners of an object are changed by those alone who may delete it, as OpenShift has it. */
  readonly enforcedOwners: boolean;
}

export async function setStage({ enforcedOwners }: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-rights-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string) => join(folder, name);
  const admission = '--enable-admission-plugins=OwnerReferencesPermissionEnforcement';
  const apiServerFlags = [...(enforcedOwners ? [admission] : []), ...auditFlags(file, user)];
  const plane = await startControlPlane(folder, { apiServerFlags });
  const { cluster } = plane;
  const apply = async (objects: readonly KubeObject[]): Promise<void> => {
    const found = await resolveKinds(
      objects.map((object) => ({ object })),
      cluster,
      place.app,
    );
    const items = found.map((item) => {
      if (item instanceof Error) throw item;
      return item;
    });
    for (const { kind, object } of inOrder(items))
      await cluster.apply(kind, object, { fieldManager: 'rights', force: true });
  };
  const definitions = [...(flaggerCrds() as KubeObject[]), ...foreignDefinitions()];
  await apply(definitions);
  await eventually(60_000, 'all kinds are served', async () => {
    const kinds = await cluster.kinds('external.metrics.k8s.io', 'v1beta1');
    return kinds.length === 2 && (await cluster.kinds('flagger.app', 'v1beta1')).length > 2;
  });
  for (const name of Object.values(place)) await cluster.create(Namespaces, { metadata: { name } });
  return {
    ...plane,
    folder,
    auditLog: file('audit.log'),
    apply,
    async issueToken() {
      const metadata = {
        name: 'controller-token',
        namespace: account.namespace,
        annotations: { 'kubernetes.io/service-account.name': account.name },
      };
      await cluster.create<Secret>(Secrets, { metadata, type: 'kubernetes.io/service-account-token' });
      let token = '';
      await eventually(30_000, 'the service account has a token', async () => {
        token = (await cluster.get(Secrets, metadata)).data?.token ?? '';
        return token !== '';
      });
      return Buffer.from(token, 'base64').toString();
    },
  };
}
