import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../bench/controller.js';
import type { KubeCluster } from '../../lib/kube/cluster.js';
import { connect } from '../../lib/kube/connect.js';
import { findBinaries } from './binaries.js';
import { fakeNodes, kwokStages, Nodes } from './fakeNodes.js';
import { freePorts } from './ports.js';
import { type Program, startProgram } from './program.js';

const TOKEN = 'soak-administrator';

/** A control plane of its own on loopback, with fake nodes; what it keeps lies in one folder. */
export interface ControlPlane {
  readonly etcd: { readonly url: string; readonly program: Program };
  readonly apiServer: { readonly url: string; readonly token: string; readonly ca: Buffer };
  /** Of its administrator. */
  readonly kubeconfig: string;
  /** As its administrator, without a limit of rate. */
  readonly cluster: KubeCluster;
  /** Process ids of what runs, by name. */
  pids(): Readonly<Record<string, number>>;
  killApiServer(): Promise<void>;
  restartApiServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** How many fake nodes there are. @default 3 */
  readonly nodes?: number;
  /** Which of the controller manager's controllers run. @default - all but those for objects that nobody here has */
  readonly controllers?: readonly string[];
  /** Further flags of the API server. @default - none */
  readonly apiServerFlags?: readonly string[];
}

/** Starts etcd, API server, controller manager, scheduler and kwok; resolves when pods would run. */
export async function startControlPlane(
  folder: string,
  { nodes = 3, controllers = usualControllers, apiServerFlags = [] }: ControlPlaneOptions = {},
): Promise<ControlPlane> {
  const binaries = findBinaries();
  const [client, peer, api, kubelet] = (await freePorts(4)) as [number, number, number, number];
  const file = (name: string) => join(folder, name);
  const start = (name: keyof typeof binaries, args: readonly string[]) =>
    startProgram({ name, command: binaries[name], args, env: FRUGAL, logFile: file(`${name}.log`) });
  const etcdUrl = `http://127.0.0.1:${client}`;
  const url = `https://127.0.0.1:${api}`;
  writeIdentities(file, url);
  const etcd = start('etcd', etcdArguments(file('etcd'), etcdUrl, `http://127.0.0.1:${peer}`));
  const startApiServer = () =>
    start('kube-apiserver', [...apiServerArguments(file, etcdUrl, api), ...apiServerFlags]);
  let apiServer = startApiServer();
  const cluster = await connect({ kubeconfig: file('kubeconfig'), version: 'soak', qps: -1 });
  await untilServed(cluster, apiServer, file('kube-apiserver.log'));
  const others = [
    start('kube-controller-manager', controllerManagerArguments(file, controllers)),
    start('kube-scheduler', schedulerArguments(file)),
    start('kwok', kwokArguments(file, kubelet)),
  ];
  for (const node of fakeNodes(nodes)) await cluster.create(Nodes, node);
  await untilReady(cluster);
  return {
    etcd: { url: etcdUrl, program: etcd },
    apiServer: { url, token: TOKEN, ca: readFileSync(file('certs/apiserver.crt')) },
    kubeconfig: file('kubeconfig'),
    cluster,
    pids: () => Object.fromEntries([apiServer, etcd, ...others].map(({ name, pid }) => [name, pid])),
    killApiServer: () => apiServer.end('SIGKILL'),
    async restartApiServer() {
      apiServer = startApiServer();
      await untilServed(cluster, apiServer, file('kube-apiserver.log'));
    },
    async stop() {
      await cluster.close();
      etcd.signal('SIGCONT');
      await Promise.all([...others, apiServer, etcd].map((program) => program.end()));
    },
  };
}

type File = (name: string) => string;

/** Go programs of a machine with more memory than cores. */
const FRUGAL = { GOGC: '400' };

/** Key of the service accounts, the administrator's token, and a kubeconfig for each program. */
function writeIdentities(file: File, server: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file('sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(file('sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(file('tokens.csv'), `${TOKEN},administrator,1,"system:masters"\n`, { mode: 0o600 });
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'soak', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'administrator', user: { token: TOKEN } }],
    contexts: [{ name: 'soak', context: { cluster: 'soak', user: 'administrator' } }],
    'current-context': 'soak',
  };
  writeFileSync(file('kubeconfig'), JSON.stringify(kubeconfig), { mode: 0o600 });
  writeFileSync(file('kwok.yaml'), kwokStages);
}

function etcdArguments(data: string, client: string, peer: string): string[] {
  return [
    ...['--name', 'soak', '--data-dir', data, '--unsafe-no-fsync', '--log-level', 'error'],
    ...['--listen-client-urls', client, '--advertise-client-urls', client],
    ...[
      '--listen-peer-urls',
      peer,
      '--initial-advertise-peer-urls',
      peer,
      '--initial-cluster',
      `soak=${peer}`,
    ],
  ];
}

function apiServerArguments(file: File, etcd: string, port: number): string[] {
  return [
    `--etcd-servers=${etcd}`,
    ...['--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${file('certs')}`],
    ...['--endpoint-reconciler-type=none', '--service-cluster-ip-range=10.96.0.0/16'],
    ...['--authorization-mode=RBAC', `--token-auth-file=${file('tokens.csv')}`],
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    ...[
      `--service-account-key-file=${file('sa.pub')}`,
      `--service-account-signing-key-file=${file('sa.key')}`,
    ],
    ...['--event-ttl=6h', '--profiling=false'],
  ];
}

/** The limits of rate of the cluster's own programs are raised: it is not they that are measured. */
const unhurried = ['--kube-api-qps=1000', '--kube-api-burst=2000', '--leader-elect=false', '--secure-port=0'];

/** What no release needs, and what would write as much as all that it does. */
const usualControllers = ['*', '-endpoints-controller', '-endpointslice-mirroring-controller'];

/** What makes pods of Deployments, finds them for Services, and lets them on to nodes. */
export const controllersOfReleases = [
  'deployment-controller',
  'replicaset-controller',
  'endpointslice-controller',
  'serviceaccount-controller',
  'node-lifecycle-controller',
];

function controllerManagerArguments(file: File, controllers: readonly string[]): string[] {
  const keys = [
    `--service-account-private-key-file=${file('sa.key')}`,
    `--root-ca-file=${file('certs/apiserver.crt')}`,
  ];
  // nodes that cannot say that they are well while the API server is away are not taken for ill
  const patience = '--node-monitor-grace-period=10m';
  const chosen = `--controllers=${controllers.join(',')}`;
  return [`--kubeconfig=${file('kubeconfig')}`, patience, chosen, ...keys, ...unhurried];
}

function schedulerArguments(file: File): string[] {
  return [`--kubeconfig=${file('kubeconfig')}`, ...unhurried];
}

function kwokArguments(file: File, port: number): string[] {
  return [
    ...[`--kubeconfig=${file('kubeconfig')}`, `--config=${file('kwok.yaml')}`, '--manage-all-nodes=true'],
    ...['--node-lease-duration-seconds=40', '--cidr=10.89.0.0/16', `--server-address=127.0.0.1:${port}`],
  ];
}

async function untilServed(cluster: KubeCluster, apiServer: Program, log: string): Promise<void> {
  await eventually(120_000, `the API server serves; see ${log}`, async () => {
    if (apiServer.isOver())
      throw new Error(`the API server has ended:\n${readFileSync(log, 'utf8').slice(-2000)}`);
    return cluster.read('/api/v1/namespaces/default').then(
      () => true,
      () => false,
    );
  });
}

async function untilReady(cluster: KubeCluster): Promise<void> {
  interface Node {
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }
  await eventually(60_000, 'the fake nodes are ready', async () => {
    const { items } = await cluster.list(Nodes);
    return items.every((node) =>
      (node as Node).status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    );
  });
}

/** Looks four times a second; rejects after `limitMs`. */
export async function eventually(
  limitMs: number,
  what: string,
  holds: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await pause(250);
  }
}
