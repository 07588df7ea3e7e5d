import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KubeObject } from '../../lib/api/kinds.js';
import { parseObjects } from '../../lib/cli/parseObjects.js';

/** Whether the controller's rights are ClusterRoles, or Roles in one namespace. */
export type Scope = 'cluster' | 'namespace';

export interface StackOptions {
  readonly scope: Scope;
  readonly revision: string;
  /** Address of metrics and alerts. */
  readonly server: string;
}

/** What `perch synth` of this checkout (`npm run build`) makes of stack.ts. */
export async function synthesise({ scope, revision, server }: StackOptions): Promise<KubeObject[]> {
  const args = [join('dist', 'perch.js'), 'synth', join('test', 'rights', 'stack.ts')];
  const env = { ...process.env, SCOPE: scope, REVISION: revision, SERVER: server };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 26 });
  return parseObjects(stdout, 'test/rights/stack.ts').filter(
    ({ kind }) => !['CustomResourceDefinition', 'Namespace'].includes(kind ?? ''),
  );
}

/** Arguments of the controller's container. */
export function controllerArguments(manifests: readonly KubeObject[]): readonly string[] {
  interface Deployment extends KubeObject {
    readonly spec: { readonly template: { readonly spec: { containers: { args: string[] }[] } } };
  }
  const deployment = manifests.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'perch-controller',
  ) as Deployment | undefined;
  return deployment?.spec.template.spec.containers[0]?.args ?? [];
}
