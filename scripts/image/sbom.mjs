// node sbom.mjs IMAGE ROOT NPM.json [--files FILES.txt] [--tools FOLDER]: the bill of materials (CycloneDX 1.6) of the
// image IMAGE: Node, the bundle's npm packages, the Debian packages of the root file system ROOT (with FILES.txt, a path
// a line, only those that these files are from), and the files of FOLDER. The same input gives the same text.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

const digestOf = (file) => [
  { alg: 'SHA-256', content: createHash('sha256').update(readFileSync(file)).digest('hex') },
];

/** Node as it lies in the root file system. */
export function nodeComponent(root, version) {
  const purl = `pkg:generic/node@${version}`;
  const licenses = [{ license: { id: 'MIT' } }];
  return {
    type: 'platform',
    name: 'node',
    version,
    purl,
    licenses,
    hashes: digestOf(join(root, 'usr/local/bin/node')),
  };
}

/** Every file of the folder, by its bytes: who made it and of which version it is cannot be told. */
export function toolComponents(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((file) => {
      const [name, hashes] = [relative(folder, file), digestOf(file)];
      return {
        type: 'file',
        name,
        purl: `pkg:generic/${encodeURI(name)}?checksum=sha256:${hashes[0].content}`,
        hashes,
      };
    });
}

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

export function createSbom(image, components) {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'container', name: `perch-${image}` } },
    components: components.map((component) => ({ 'bom-ref': component.purl, ...component })),
  };
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { files: { type: 'string' }, tools: { type: 'string' } },
    allowPositionals: true,
  });
  const [image, root, npm] = positionals;
  const { files, tools } = values;
  const installed = debianComponents(readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8'));
  const owners = files && ownersOf(root, readFileSync(files, 'utf8').split('\n').filter(Boolean));
  const debian = owners ? installed.filter(({ name }) => owners.includes(name)) : installed;
  const sbom = createSbom(image, [
    nodeComponent(root, process.version.slice(1)),
    ...JSON.parse(readFileSync(npm, 'utf8')),
    ...debian.sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    ...(tools ? toolComponents(tools) : []),
  ]);
  process.stdout.write(`${JSON.stringify(sbom, undefined, 1)}\n`);
}
