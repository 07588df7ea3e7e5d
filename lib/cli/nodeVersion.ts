import { PerchError } from '../api/errors.js';

/** What package.json says under `engines`, too: programs are run as TypeScript, which older ones cannot. */
const least = [22, 19] as const;

/** Throws CLI_NODE_VERSION where the Node that runs perch is too old; `version` as process.versions.node has it. */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new PerchError({
    code: 'CLI_NODE_VERSION',
    message: `expected Node ${least.join('.')} or newer, got ${version}`,
    remedy:
      'install Node 24 (https://nodejs.org), or put it first on the PATH; `npx perch` uses the one on the PATH too',
  });
}
