import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Ending, endingOf, runProgram } from '../command.ts';
import type { Ground } from '../ground.ts';

/** Runs pulumi in the program's folder. */
export type Pulumi = (...args: readonly string[]) => Promise<Ending>;

export interface Tools {
  readonly pulumi: Pulumi;
  /** Takes the backend and all that was configured away. */
  remove(): Promise<void>;
}

/** Why this journey cannot be made here; undefined when it can. */
export async function whatIsMissing({ cluster }: Ground): Promise<string | undefined> {
  if (cluster.kit) return undefined;
  const env = cluster.env;
  for (const tool of ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes']) {
    const found = await endingOf('sh', ['-c', `command -v ${tool}`], { env });
    if (found.status !== 0) return `there is no ${tool} on the PATH`;
  }
  return undefined;
}

/** Pulumi's own programs, the kit's where it has them, with a backend in a folder of their own. */
export async function createTools({ root, cluster }: Ground): Promise<Tools> {
  if (cluster.kit) await buildTools(join(cluster.kit, 'pulumi'));
  const folder = await mkdtemp(join(tmpdir(), 'perch-pulumi-'));
  const env = {
    ...cluster.env,
    // The program is run by the Node that runs this.
    PATH: `${dirname(process.execPath)}:${cluster.env.PATH ?? process.env.PATH}`,
    PULUMI_HOME: join(folder, 'home'),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: '',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    DO_NOT_TRACK: '1',
    // The kit's language host is older than its CLI and does not hear that Pulumi.yaml wants no compiler.
    PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
  };
  const cwd = join(root, 'test/e2e/pulumi/program');
  return {
    pulumi: (...args) => endingOf('pulumi', [...args, '--non-interactive', '--color', 'never'], { cwd, env }),
    async remove() {
      await rm(folder, { recursive: true });
      await rm(join(cwd, 'Pulumi.e2e.yaml'), { force: true });
    },
  };
}

/** The kit asks Go where the provider's module is, which Go only knows of one that it has fetched. */
async function buildTools(kit: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-pulumi-go-'));
  try {
    const provider = 'github.com/pulumi/pulumi-kubernetes/provider/v4';
    await cp(join(kit, 'go'), folder, { recursive: true });
    const env = { GONOSUMDB: `${provider},github.com/pulumi/cloud-ready-checks` };
    await runProgram('go', ['mod', 'download', provider], { cwd: folder, env });
  } finally {
    await rm(folder, { recursive: true });
  }
  await runProgram(join(kit, 'bootstrap'), []);
}
