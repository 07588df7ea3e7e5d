// node scripts/image/npmComponents.mjs BUNDLE.json: the npm packages that went into the bundle, of which BUNDLE.json
// lists the source files, as components of a CycloneDX bill of materials.
import { readFileSync } from 'node:fs';

export function npmComponents(files, lock) {
  const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter(Boolean))].sort().map((folder) => {
    const { version, license, integrity } = lock.packages[folder] ?? {};
    if (!version) throw new Error(`expected ${folder} in package-lock.json, found none`);
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const [algorithm, digest] = integrity?.split('-') ?? [];
    return {
      type: 'library',
      name,
      version,
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      // the name of a licence, or several with AND and OR between them
      ...(license && { licenses: [{ expression: license }] }),
      ...(digest && {
        hashes: [
          { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') },
        ],
      }),
    };
  });
}

if (import.meta.main) {
  const [files, lock] = [process.argv[2], 'package-lock.json'].map((file) =>
    JSON.parse(readFileSync(file, 'utf8')),
  );
  process.stdout.write(`${JSON.stringify(npmComponents(files, lock))}\n`);
}
