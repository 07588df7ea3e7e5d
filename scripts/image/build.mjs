// `npm run image`: the two images of this checkout, and their bills of materials in dist/image/.
//   npm run image -- controller           one of them
//   npm run image -- --tag v1.2.3         perch-controller:v1.2.3 and perch-loadtester:v1.2.3 (else :dev)
//   npm run image -- --tools FOLDER       with a folder of programs for the load tester, such as kubectl and helm
//   npm run image -- --platform linux/arm64
//   npm run image -- --check              builds each twice, from nothing, and fails unless the digests are equal
// PERCH_BUILDER chooses the builder: docker, buildah, or either with its options.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBuilder, provenanceOf } from './builder.mjs';

const targets = ['controller', 'loadtester'];

/** Builds the images that `names` says: what each is called, its digest, its SBOM. */
export async function buildImages({
  root,
  names = targets,
  tag = 'dev',
  repository = 'perch',
  check = false,
  ...how
}) {
  const builder = await chooseBuilder();
  const provenance = await provenanceOf(root);
  const named = names.map((target) => ({ target, image: `${repository}-${target}:${tag}` }));
  const build = async (fresh) => {
    const digests = [];
    for (const { target, image } of named)
      digests.push(await builder.build({ root, target, tag: image, provenance, fresh, ...how }));
    return digests;
  };
  const digests = await build(false);
  if (check) {
    await builder.forget();
    const again = await build(true);
    const different = named.filter((_, at) => again[at] !== digests[at]).map(({ image }) => image);
    if (different.length > 0) throw new Error(`two builds differ: ${different.join(', ')}`);
  }
  const found = [];
  for (const [at, { target, image }] of named.entries()) {
    const sbom = await builder.inside(image, '/sbom.cdx.json', (path) => readFileSync(path, 'utf8'));
    found.push({ target, image, digest: digests[at], sbom, bytes: await builder.bytes(image) });
  }
  await builder.forget();
  return found;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: {
      tag: { type: 'string' },
      repository: { type: 'string' },
      tools: { type: 'string' },
      platform: { type: 'string' },
      check: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !targets.includes(name));
  if (unknown) throw new Error(`there is no image ${unknown}: choose of ${targets.join(', ')}`);
  const root = resolve(import.meta.dirname, '../..');
  const tools = values.tools && resolve(values.tools);
  const images = await buildImages({
    root,
    ...values,
    tools,
    ...(positionals.length > 0 && { names: positionals }),
  });
  mkdirSync(resolve(root, 'dist/image'), { recursive: true });
  for (const { target, image, digest, sbom, bytes } of images) {
    writeFileSync(resolve(root, `dist/image/${target}.cdx.json`), sbom);
    const twice = values.check ? ', and the second build is the same' : '';
    console.log(
      `${image} ${digest} ${(bytes / 1e6).toFixed(1)} MB, ${JSON.parse(sbom).components.length} components${twice}`,
    );
  }
}
