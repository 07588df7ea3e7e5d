// `npm run image`: the two images of this checkout, and their bills of materials in dist/image/.
//   npm run image -- controller           one of them
//   npm run image -- --tag v1.2.3         perch-controller:v1.2.3 and perch-loadtester:v1.2.3 (else :dev)
//   npm run image -- --tools FOLDER       kubectl and helm for the load tester, from `node scripts/image/tools.mjs FOLDER`
//   npm run image -- --platform linux/arm64
//   npm run image -- --check              builds each twice, from nothing, and fails unless the digests are equal
// PERCH_BUILDER chooses the builder: docker, buildah, or either with its options.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBuilder, provenanceOf } from './builder.mjs';

export const targets = ['controller', 'loadtester'];

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
  const images = [];
  for (const target of names) {
    const image = `${repository}-${target}:${tag}`;
    const build = { root, target, tag: image, provenance, ...how };
    const digest = await builder.build(build);
    if (check) {
      const again = await builder.build({ ...build, fresh: true });
      if (again !== digest) throw new Error(`${image}: two builds differ: ${digest} and ${again}`);
    }
    const sbom = await builder.read(image, '/sbom.cdx.json');
    images.push({ target, image, digest, sbom, bytes: await builder.bytes(image), builder: builder.name });
  }
  return images;
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
