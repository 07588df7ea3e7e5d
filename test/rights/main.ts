import { PerchError } from '../../lib/api/errors.js';
import { readAuditLog } from './auditLog.js';
import { compareRights, shortcomingsOf } from './comparison.js';
import { excuses } from './excuses.js';
import { rightsOf } from './granted.js';
import { account } from './place.js';
import { playReleases } from './releases.js';
import { setStage } from './stage.js';
import type { Scope } from './synthesis.js';

const say = (line: string): void => console.error(`# ${new Date().toISOString().slice(11, 19)} ${line}`);

/** On a control plane of its own; resolves with whether rights and requests are the same. */
async function compareIn(scope: Scope): Promise<boolean> {
  const stage = await setStage({ enforcedOwners: scope === 'namespace' });
  try {
    const manifests = await playReleases(stage, scope, say);
    const compared = compareRights(
      rightsOf(account, manifests),
      readAuditLog(stage.auditLog),
      excuses[scope],
    );
    const { requests, rights, excused } = compared;
    const shortcomings = shortcomingsOf(compared);
    console.log(`${scope}: ${requests} requests and ${rights} rights, ${shortcomings.length} shortcomings`);
    for (const line of shortcomings) console.log(`  ${line}`);
    for (const line of excused) console.log(`  excused: ${line}`);
    return shortcomings.length === 0;
  } finally {
    await stage.stop();
  }
}

async function main(): Promise<number> {
  const results = [await compareIn('namespace'), await compareIn('cluster')];
  return results.every(Boolean) ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

void main()
  .catch((error: unknown) => {
    console.error(error instanceof PerchError ? `${error.message}\n${error.remedy}` : error);
    return 2;
  })
  .then((code) => process.exit(code));
