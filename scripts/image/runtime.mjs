// node scripts/image/runtime.mjs FROM TO: what it takes to run Node, out of the root file system FROM of a Debian
// image of any processor into the empty folder TO: Node, the libraries it needs, and the certificate authorities that
// it trusts. Prints the Debian packages that this came from, as the SBOM wants them.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readNeeds } from './elf.mjs';

const NODE = '/usr/local/bin/node';
const [from, to] = process.argv.slice(2);
const folders = ['/lib', '/usr/lib'].flatMap((base) => {
  const found = existsSync(join(from, base)) ? readdirSync(join(from, base)) : [];
  return found.filter((name) => name.endsWith('-linux-gnu')).map((name) => `${base}/${name}`);
});

function copy(path) {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  // a link inside the root must not be followed out of it: only the last name of a library is one
  copyFileSync(realpathSync(join(from, path)), join(to, path));
}

function locate(name) {
  const folder = folders.find((each) => existsSync(join(from, each, name)));
  if (!folder)
    throw new Error(`expected the library ${name} in ${folders.join(' or ')} of ${from}, found none`);
  return `${folder}/${name}`;
}

const queue = [NODE];
const copied = new Set();
for (let path = queue.pop(); path; path = queue.pop()) {
  if (copied.has(path)) continue;
  copied.add(path);
  copy(path);
  const { interpreter, needed } = readNeeds(readFileSync(join(to, path)));
  if (interpreter) queue.push(interpreter);
  // the dynamic loader is itself named as a library, and has its one place
  queue.push(...needed.filter((name) => !name.startsWith('ld-linux')).map(locate));
}

mkdirSync(join(to, 'etc/ssl/certs'), { recursive: true });
writeFileSync(join(to, 'etc/ssl/certs/ca-certificates.crt'), `${rootCertificates.join('\n')}\n`);
// glibc's own default asks DNS before /etc/hosts
writeFileSync(join(to, 'etc/nsswitch.conf'), 'hosts: files dns\n');
console.log([...copied].sort().join('\n'));
