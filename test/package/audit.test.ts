import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const script = resolve('scripts/audit.mjs');
const advisory = (severity: string) => ({
  id: 1,
  url: 'https://example.com/advisories/1',
  title: 'A hole',
  severity,
  vulnerable_versions: '<2.0.0',
});

/** What stands in for npm's registry: how it answers the question for advisories, and what it was asked. */
class Registry {
  readonly asked: unknown[] = [];
  private readonly server: Server;

  constructor(answer: { readonly status: number; readonly advisories?: object }) {
    this.server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const reply = (status: number, body: object) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        if (request.url !== '/-/npm/v1/security/advisories/bulk') return reply(200, packument);
        const body = Buffer.concat(pieces);
        const isPacked = request.headers['content-encoding'] === 'gzip';
        this.asked.push(JSON.parse((isPacked ? gunzipSync(body) : body).toString()));
        reply(answer.status, answer.advisories ?? {});
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

const versions = {
  '1.0.0': { name: 'leaky', version: '1.0.0' },
  '2.0.0': { name: 'leaky', version: '2.0.0' },
};
const packument = { name: 'leaky', 'dist-tags': { latest: '2.0.0' }, versions };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-audit-'));
  const root = { name: 'app', version: '1.0.0', dependencies: { leaky: '1.0.0' } };
  const packages = { '': root, 'node_modules/leaky': { version: '1.0.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(root));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ name: 'app', version: '1.0.0', lockfileVersion: 3, requires: true, packages }),
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

async function audit(address: string): Promise<{ status: number | null; printed: string }> {
  const env = { ...process.env, npm_config_registry: address, npm_config_fetch_retries: '0' };
  const child = spawn(process.execPath, [script], { cwd: folder, env: { ...env, npm_config_cache: folder } });
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += text;
  });
  const status = await new Promise<number | null>((done) => child.on('close', done));
  return { status, printed };
}

async function auditBy(registry: Registry) {
  const address = await registry.start();
  return audit(address).finally(() => registry.stop());
}

describe('npm run audit', () => {
  it('fails when the registry knows a grave hole, and names package and versions', async () => {
    const registry = new Registry({ status: 200, advisories: { leaky: [advisory('high')] } });
    const { status, printed } = await auditBy(registry);
    expect(registry.asked).toEqual([{ leaky: ['1.0.0'] }]);
    expect(printed).toContain('high leaky 1.0.0');
    expect(printed).toContain('not ok audit: 1 known, 1 of them moderate or worse');
    expect(status).toBe(1);
  });

  it('tells of a small hole, and passes', async () => {
    const { status, printed } = await auditBy(
      new Registry({ status: 200, advisories: { leaky: [advisory('low')] } }),
    );
    expect(printed).toContain('ok audit: 1 known, 0 of them moderate or worse');
    expect(status).toBe(0);
  });

  it('passes when the registry knows of none', async () => {
    const { status, printed } = await auditBy(new Registry({ status: 200, advisories: {} }));
    expect(printed).toContain('ok audit: 0 known');
    expect(status).toBe(0);
  });

  it.each([404, 405])(
    'is skipped, and says so, where the registry has no advisories to ask for (%i)',
    async (code) => {
      const { status, printed } = await auditBy(new Registry({ status: code }));
      expect(printed).toMatch(/^skipped audit: the registry could not be asked/m);
      expect(status).toBe(0);
    },
  );

  it.each([401, 500])('fails when the registry refuses to answer (%i)', async (code) => {
    const { status, printed } = await auditBy(new Registry({ status: code }));
    expect(printed).toMatch(/^not ok audit: /m);
    expect(status).toBe(1);
  });

  it('fails when no registry can be reached', async () => {
    const registry = new Registry({ status: 200 });
    const address = await registry.start();
    await registry.stop();
    const { status, printed } = await audit(address);
    expect(printed).toMatch(/^not ok audit: /m);
    expect(status).toBe(1);
  });
});
