// node sbom.mjs IMAGE ROOT NPM.json [FILES.txt]: the bill of materials (CycloneDX 1.6) of the image IMAGE: Node, the
// bundle's npm packages, and the Debian packages of the root file system ROOT; with FILES.txt, a path a line, only the
// packages that these files are from. The same input gives the same text.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What dpkg says is installed. */
export function debianComponents(status) {
  return status
    .split('\n\n')
    .map((paragraph) =>
      Object.fromEntries(
        [...paragraph.matchAll(/^([A-Z][\w-]*): (.*)$/gm)].map(([, key, value]) => [key, value]),
      ),
    )
    .filter(({ Status }) => Status === 'install ok installed')
    .map(({ Package: name, Version: version, Architecture: arch }) => ({
      type: 'library',
      name,
      version,
      purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${arch}`,
    }));
}

/** Names of the packages that the files are from; Debian's lists know them with and without /usr in front. */
function ownersOf(root, files) {
  const folder = join(root, 'var/lib/dpkg/info');
  const wanted = new Set(files.flatMap((file) => [file, `/usr${file}`, file.replace(/^\/usr/, '')]));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.list'))
    .filter((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .some((line) => wanted.has(line)),
    )
    .map((name) => basename(name, '.list').replace(/:.*$/, ''));
}

export function createSbom({ image, node, npm, debian }) {
  const runtime = {
    type: 'platform',
    name: 'node',
    version: node,
    purl: `pkg:generic/node@${node}`,
    licenses: [{ license: { id: 'MIT' } }],
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'container', name: `perch-${image}` } },
    components: [runtime, ...npm, ...debian].map((component) => ({
      'bom-ref': component.purl,
      ...component,
    })),
  };
}

if (import.meta.main) {
  const [image, root, npm, files] = process.argv.slice(2);
  const installed = debianComponents(readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8'));
  const owners = files && ownersOf(root, readFileSync(files, 'utf8').split('\n').filter(Boolean));
  const debian = owners ? installed.filter(({ name }) => owners.includes(name)) : installed;
  const sbom = createSbom({
    image,
    node: process.version.slice(1),
    npm: JSON.parse(readFileSync(npm, 'utf8')),
    debian: debian.sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  });
  process.stdout.write(`${JSON.stringify(sbom, undefined, 1)}\n`);
}
