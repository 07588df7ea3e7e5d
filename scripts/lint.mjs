// Runs every linter, prints what each found, and ends with one line; `npm run lint -- biome` runs one of them.
import { spawnSync } from 'node:child_process';

const linters = {
  biome: ['biome', 'check', '.'],
  rooms: ['depcruise', '--config', 'scripts/dependency-cruiser.cjs', 'lib'],
  unused: ['knip'],
  package: ['publint', '--strict'],
  types: ['attw', '--pack', '.', '--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm'],
};

const asked = process.argv.slice(2);
let failed = 0;
for (const [name, [command, ...args]] of Object.entries(linters)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  const output = `${stdout ?? ''}${stderr ?? ''}`.trim();
  if (status === 0) {
    console.log(`ok ${name}`);
  } else {
    failed += 1;
    console.log(`not ok ${name}\n${output}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
