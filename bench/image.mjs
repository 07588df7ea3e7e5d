// `npm run bench:image`: the sizes of the two images, against Node alone, then how soon the controller is ready with 100
// canaries and what memory it takes with 2,000.
//   npm run bench:image -- --repository perch.local/perch --tag e2e     images that are built already
//   npm run bench:image -- --without-images                             only the controller
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { runBundled } from '../scripts/bundled.mjs';
import { buildImages } from '../scripts/image/build.mjs';
import { chooseBuilder } from '../scripts/image/builder.mjs';

const { values } = parseArgs({
  options: {
    repository: { type: 'string' },
    tag: { type: 'string' },
    'without-images': { type: 'boolean', default: false },
  },
});

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1).padStart(7)} MB`;

async function printSizes() {
  const builder = await chooseBuilder();
  const { repository = 'perch', tag = 'bench' } = values;
  if (!values.tag) await buildImages({ root: resolve(import.meta.dirname, '..'), repository, tag });
  const sizeOf = (target) => builder.bytes(`${repository}-${target}:${tag}`);
  const node = await builder.inside(
    `${repository}-controller:${tag}`,
    '/usr/local/bin/node',
    (path) => statSync(path).size,
  );
  console.log('Images, unpacked');
  console.log(`  Node alone   ${megabytes(node)}`);
  for (const target of ['controller', 'loadtester']) {
    const bytes = await sizeOf(target);
    console.log(`  ${target.padEnd(12)} ${megabytes(bytes)}, ${megabytes(bytes - node).trim()} beside Node`);
  }
}

if (!values['without-images']) await printSizes();
const entries = { perch: 'lib/cli/main.ts', bench: 'bench/ready.ts' };
process.exitCode = await runBundled({ entries, main: 'bench', args: [] });
