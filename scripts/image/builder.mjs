// How images are built here: by docker (BuildKit) or by buildah, to the same digest each time.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a program to its end; resolves with what it printed, rejects with its last lines. */
export function run(command, args, { input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const [out, all] = [[], []];
    child.stdout.on('data', (chunk) => {
      out.push(chunk);
      all.push(chunk);
    });
    child.stderr.on('data', (chunk) => all.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) return resolve(Buffer.concat(out).toString().trim());
      const tail = Buffer.concat(all).toString().trimEnd().split('\n').slice(-40).join('\n');
      reject(new Error(`${command} ${args.join(' ')} ended with status ${status}:\n${tail}`));
    });
    if (input !== undefined) child.stdin.end(input);
  });
}

/** What the labels say, and the time that every file gets: the commit's, so that two builds of it are the same. */
export async function provenanceOf(root) {
  const git = (...args) => run('git', ['-C', root, ...args]);
  const [revision, seconds] = (await git('log', '-1', '--format=%H %ct')).split(' ');
  const changed = (await git('status', '--porcelain')) !== '';
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { revision: changed ? `${revision}-changed` : revision, seconds: Number(seconds), version };
}

function labelArguments({ revision, seconds, version }) {
  const created = new Date(seconds * 1000).toISOString();
  const given = { REVISION: revision, CREATED: created, VERSION: version };
  return Object.entries(given).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
}

/** As images name it; Docker knows it by itself, buildah only what it is told. */
const ownPlatform = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** Where a Dockerfile's stages can be given from outside, as both builders have it. */
const contexts = (given) =>
  Object.entries(given).flatMap(([name, from]) => ['--build-context', `${name}=${from}`]);

/**
 * `PERCH_BUILDER` is the command and its options before `build` (`buildah --storage-driver vfs`); without it docker,
 * or else buildah. `options` are the builder's own.
 */
export async function chooseBuilder(command = process.env.PERCH_BUILDER) {
  const [program, ...options] = command ? command.split(' ') : [(await has('docker')) ? 'docker' : 'buildah'];
  return program.endsWith('buildah') ? buildah([program, ...options]) : docker([program, ...options]);
}

async function has(program) {
  return run(program, ['version']).then(
    () => true,
    () => false,
  );
}

function docker([program, ...options]) {
  const call = (...args) => run(program, [...options, ...args]);
  return {
    name: 'docker',
    async build({ root, target, tag, provenance, platform, tools, fresh }) {
      await call(
        ...['build', '--target', target, '-t', tag, ...contexts(tools ? { tools } : {})],
        ...['--build-arg', `SOURCE_DATE_EPOCH=${provenance.seconds}`, ...labelArguments(provenance)],
        ...[...(platform ? ['--platform', platform] : []), ...(fresh ? ['--no-cache'] : []), root],
      );
      return call('image', 'inspect', '--format', '{{.Id}}', tag);
    },
    forget: async () => {},
    bytes: async (tag) => Number(await call('image', 'inspect', '--format', '{{.Size}}', tag)),
    async inside(tag, path, look) {
      const folder = mkdtempSync(join(tmpdir(), 'perch-image-'));
      const container = await call('create', tag);
      try {
        await call('cp', `${container}:${path}`, join(folder, 'file'));
        return look(join(folder, 'file'));
      } finally {
        await call('rm', container);
        rmSync(folder, { recursive: true });
      }
    },
  };
}

function buildah([program, ...options]) {
  const call = (...args) => run(program, [...options, ...args]);
  const inspect = (tag, field) => call('inspect', '--type', 'image', '--format', `{{${field}}}`, tag);
  const inside = async (tag, path, look) => {
    const container = await call('from', '--pull-never', tag);
    try {
      return await look(join(await call('mount', container), path));
    } finally {
      await call('rm', container);
    }
  };
  let parts;
  /** buildah keeps no stage from one build to the next, so what both images are made of is an image of its own. */
  const shared = (root, how) => {
    parts ??= (async () => {
      const tag = `localhost/perch-parts:${process.pid}`;
      await call('build', ...how, '--target', 'parts', '-t', tag, root);
      return tag;
    })();
    return parts;
  };
  return {
    name: 'buildah',
    async build({ root, target, tag, provenance, platform, tools }) {
      const how = [
        '--network',
        'host',
        '--isolation',
        process.env.BUILDAH_ISOLATION ?? 'chroot',
        '--no-cache',
      ];
      how.push('--identity-label=false', '--omit-history', '--timestamp', String(provenance.seconds));
      // without the second the whole bundle would be built under emulation
      if (platform) how.push('--platform', platform, '--build-arg', `BUILDPLATFORM=${ownPlatform}`);
      const given = { parts: `container-image://${await shared(root, how)}`, ...(tools && { tools }) };
      const labels = labelArguments(provenance);
      await call('build', ...how, ...labels, ...contexts(given), '--target', target, '-t', tag, root);
      return inspect(tag, '.FromImageDigest');
    },
    async forget() {
      const made = await parts;
      parts = undefined;
      if (made) await call('rmi', made);
    },
    bytes: (tag) => inside(tag, '/', async (folder) => Number.parseInt(await run('du', ['-sb', folder]), 10)),
    inside,
  };
}
