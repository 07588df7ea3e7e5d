import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Canaries, type Phase } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { startGate } from '../soak/gate.js';
import { freePorts } from '../soak/ports.js';
import { startProgram } from '../soak/program.js';
import { startAnsweringServer } from './answering.js';
import { answerAll } from './bystanders.js';
import { disturb, outpaceReleases, outpaceSettled } from './disturbances.js';
import { place } from './place.js';
import type { Stage } from './stage.js';
import { controllerArguments, type Scope, synthesise } from './synthesis.js';
import { untilNoneLeft } from './waiting.js';

/** Those whose promotion waits for the gate. */
const gated = ['nginx', 'agent', 'worker'];

type Say = (line: string) => void;

/** A controller under its own service account releases, repairs and gives back all that stack.ts has. */
export async function playReleases(stage: Stage, scope: Scope, say: Say): Promise<KubeObject[]> {
  const server = await startAnsweringServer();
  const stack = (revision: string) => synthesise({ scope, revision, server: server.url });
  const first = await stack('1');
  await stage.apply(first.filter(({ kind }) => kind !== 'Canary'));
  const gate = await startGate({ apiServer: { ...stage.apiServer, token: await stage.issueToken() } });
  const [port = 0] = await freePorts(1);
  const logFile = join(stage.folder, `controller-${scope}.log`);
  const args = [...controllerArguments(first), `-master=${gate.url}`, `-port=${port}`];
  const env = { POD_NAME: 'controller', POD_NAMESPACE: place.system };
  const command = process.execPath;
  const controller = startProgram({
    name: 'controller',
    command,
    args: [join(__dirname, 'perch.js'), ...args],
    env,
    logFile,
  });
  const reach = (phase: Phase, names?: readonly string[]) =>
    untilAll(stage, { phase, names, isOver: () => controller.isOver() });
  try {
    await stage.apply(first.filter(({ kind }) => kind === 'Canary'));
    await reach('Initialized');
    say(`${scope}: everything is initialised`);
    await disturb(stage);
    await outpaceSettled(stage, gate);
    await reach('Initialized');
    await stage.apply(await stack('2'));
    await reach('WaitingPromotion', gated);
    await outpaceReleases(stage, gate, server.openGate);
    await reach('Succeeded');
    say(`${scope}: everything is released`);
    await giveBack(stage);
    return first;
  } catch (error) {
    const log = readFileSync(logFile, 'utf8').trim().split('\n').slice(-20).join('\n');
    throw new Error(`${error instanceof Error ? error.message : error}\nthe controller said last:\n${log}`, {
      cause: error,
    });
  } finally {
    await controller.end('SIGTERM');
    await gate.close();
    await server.close();
  }
}

interface Goal {
  readonly phase: Phase;
  /** @default - all */
  readonly names: readonly string[] | undefined;
  /** Whether there is no controller any more. */
  readonly isOver: () => boolean;
}

async function untilAll({ cluster }: Stage, { phase, names, isOver }: Goal): Promise<void> {
  await untilNoneLeft(`every canary is ${phase}`, async () => {
    if (isOver()) throw new Error('the controller has ended');
    await answerAll(cluster);
    const { items } = await cluster.list(Canaries, { namespace: place.app });
    return items
      .filter(({ metadata }) => names?.includes(metadata.name ?? '') ?? true)
      .filter(({ status }) => status?.phase !== phase)
      .map(
        ({ metadata, status }) => `${metadata.name} (${status?.phase}: ${status?.conditions?.[0]?.message})`,
      );
  });
}

async function giveBack({ cluster }: Stage): Promise<void> {
  const { items } = await cluster.list(Canaries, { namespace: place.app });
  for (const { metadata } of items)
    await cluster.delete(Canaries, { namespace: place.app, name: metadata.name ?? '' });
  await untilNoneLeft('every canary is given back', async () => {
    await answerAll(cluster);
    const canaries = await cluster.list(Canaries, { namespace: place.app });
    return canaries.items.map(({ metadata, status }) => `${metadata.name} (${status?.phase})`);
  });
}
