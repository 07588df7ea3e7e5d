import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runProgram } from '../command.ts';
import type { Ground, Steps } from '../ground.ts';
import { withDefinitions } from './definitions.ts';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    /** What jest says of a file that could not be run. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Suites of jest that meet the API server, one step each; it has the CRDs and no controller of canaries. */
export function createSuites(ground: Ground): Steps {
  const { root, cluster, kubectl } = ground;
  const kubeconfig = cluster.env.KUBECONFIG ?? '';
  async function run(file: string, env: Readonly<Record<string, string>> = {}, names = ''): Promise<void> {
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const folder = await mkdtemp(join(tmpdir(), 'perch-e2e-'));
    const output = join(folder, 'results.json');
    const how = ['--testPathIgnorePatterns', '/node_modules/', '--testTimeout', '120000'];
    const args = [
      '--experimental-vm-modules',
      jest,
      '--testMatch',
      file,
      ...how,
      '--testNamePattern',
      names,
      '--json',
      '--outputFile',
      output,
    ];
    try {
      const failure = await runProgram(process.execPath, args, {
        cwd: root,
        env: { ...cluster.env, ...env },
      }).then(
        () => undefined,
        (error: Error) => error,
      );
      const results = await readFile(output, 'utf8').then(
        (text) => JSON.parse(text) as Results,
        () => undefined,
      );
      if (!results) throw failure ?? new Error(`jest wrote no results of ${file}`);
      const { numPassedTests, numFailedTests, numPendingTests } = results;
      console.log(`# ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
      if (failure) throw new Error(failedOf(results) || failure.message);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const scenarios = () => run('**/test/scenarios/*.test.ts', { SCENARIOS_KUBECONFIG: kubeconfig });
  return {
    'the conformance suite of the cluster port passes on this API server': async () => {
      await run('**/test/conformance/realCluster.ts');
      await kubectl(['delete', 'crd', 'gadgets.conformance.perch.dev', '--ignore-not-found']);
    },
    'it accepts and refuses the canaries that the tests say it does': () =>
      run('**/test/conformance/realAdmission.ts'),
    'every router passes its conformance suite with the definitions that its provider publishes': () =>
      withDefinitions(ground, () =>
        run('**/test/routers/*.test.ts', { ROUTERS_KUBECONFIG: kubeconfig }, 'as every router'),
      ),
    'the scenarios of whole rollouts pass on it': scenarios,
  };
}

/** The tests that failed and the first lines of why, or what jest says of a file without any. */
function failedOf({ testResults }: Results): string {
  return testResults
    .flatMap(({ message, assertionResults }) => {
      if (assertionResults.length === 0) return [message];
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      return failed.map(({ fullName, failureMessages }) => `${fullName}\n${indented(failureMessages)}`);
    })
    .join('\n');
}

function indented(messages: readonly string[]): string {
  const lines = stripVTControlCharacters(messages.join('\n')).split('\n').filter(Boolean);
  return lines
    .slice(0, 15)
    .map((line) => `  ${line}`)
    .join('\n');
}
