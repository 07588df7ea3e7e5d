import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PreviewResult {
  /** To load perch/pulumi, cdk8s and cdk8s-plus with it; Pulumi's SDKs are there already. */
  readonly loadMs: number;
  /** To make the constructs and a resource of each object. */
  readonly declareMs: number;
  /** Processor time of both, on a busy machine the better measure. */
  readonly cpuMs: number;
  readonly resources: number;
}

/** An engine and a provider that take no time. */
const program = `import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
let resources = 0;
const newResource = ({ type, name, inputs }) => {
  if (type.startsWith('kubernetes:')) resources++;
  return { id: name, state: inputs };
};
pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, 'podinfo', 'dev', true);
if (!k8s.apps) throw new Error('the SDK is not there');
const [begun, usage] = [performance.now(), process.cpuUsage()];
await import('perch/pulumi');
const loaded = performance.now();
await import('./index.ts');
const declared = performance.now();
const { user, system } = process.cpuUsage(usage);
const cpuMs = (user + system) / 1000;
process.on('exit', () =>
  console.log(JSON.stringify({ loadMs: loaded - begun, declareMs: declared - loaded, cpuMs, resources })),
);
`;
const RUNS = 3;

/** What perch adds to a preview of examples/pulumi-podinfo, outside the engine and the provider: the fastest of three. */
export function measurePreview(): PreviewResult {
  // Inside the checkout, where programs find perch and Pulumi.
  const folder = mkdtempSync('.bench-');
  try {
    copyFileSync('examples/pulumi-podinfo/index.ts', join(folder, 'index.ts'));
    writeFileSync(join(folder, 'preview.mts'), program);
    const results = Array.from({ length: RUNS }, () => runOnce(join(folder, 'preview.mts')));
    return results.reduce((best, each) => (total(each) < total(best) ? each : best));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runOnce(file: string): PreviewResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', file], {
    encoding: 'utf8',
  });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(line) as PreviewResult;
}

function total({ loadMs, declareMs }: PreviewResult): number {
  return loadMs + declareMs;
}
