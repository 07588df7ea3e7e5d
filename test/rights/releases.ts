import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Canaries, type Phase } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { eventually } from '../soak/controlPlane.js';
import { startGate } from '../soak/gate.js';
import { freePorts } from '../soak/ports.js';
import { startProgram } from '../soak/program.js';
import { startAnsweringServer } from './answering.js';
import { answerAll } from './bystanders.js';
import { disturb, outpaceReleases, outpaceSettled } from './disturbances.js';
import { place } from './place.js';
import type { Stage } from './stage.js';
import { controllerArguments, type Scope, synthesise } from './synthesis.js';

export type Say = (line: string) => void;

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
  const reach = (phase: Phase) => untilAll(stage, phase, () => controller.isOver(), logFile);
  try {
    await stage.apply(first.filter(({ kind }) => kind === 'Canary'));
    await reach('Initialized');
    say(`${scope}: everything is initialised`);
    await disturb(stage);
    await outpaceSettled(stage, gate);
    await reach('Initialized');
    await stage.apply(await stack('2'));
    await untilTested(stage);
    await outpaceReleases(stage, gate);
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

async function untilAll(stage: Stage, phase: Phase, isOver: () => boolean, logFile: string): Promise<void> {
  let waiting: string[] = [];
  const look = async () => {
    if (isOver()) throw new Error(`the controller has ended: ${logFile}`);
    await answerAll(stage.cluster);
    const { items } = await stage.cluster.list(Canaries, { namespace: place.app });
    waiting = items
      .filter(({ status }) => status?.phase !== phase || status.lastCheckTime !== undefined)
      .map(
        ({ metadata, status }) => `${metadata.name} (${status?.phase}: ${status?.conditions?.[0]?.message})`,
      );
    return waiting.length === 0;
  };
  await eventually(150_000, `every canary is ${phase}`, look).catch((error: Error) => {
    throw new Error(`${error.message}; not so: ${waiting.join(', ')}`);
  });
}

/** Until those that are promoted with what they are scaled by are within one check of it. */
async function untilTested({ cluster }: Stage): Promise<void> {
  const steps = async (name: string) => {
    const { status } = await cluster.get(Canaries, { namespace: place.app, name });
    return (status?.canaryWeight ?? 0) + (status?.iterations ?? 0);
  };
  await eventually(90_000, 'the new versions are tested', async () => {
    await answerAll(cluster);
    const taken = await Promise.all(['nginx', 'worker', 'agent'].map(steps));
    return taken.every((each) => each > 0);
  });
}

async function giveBack({ cluster }: Stage): Promise<void> {
  const { items } = await cluster.list(Canaries, { namespace: place.app });
  for (const { metadata } of items)
    await cluster.delete(Canaries, { namespace: place.app, name: metadata.name ?? '' });
  let left: readonly string[] = [];
  const look = async () => {
    await answerAll(cluster);
    const canaries = await cluster.list(Canaries, { namespace: place.app });
    left = canaries.items.map(
      ({ metadata, status }) => `${metadata.name} (${status?.conditions?.[0]?.message})`,
    );
    return left.length === 0;
  };
  await eventually(20_000, 'every canary is given back', look).catch((error: Error) => {
    throw new Error(`${error.message}; left are ${left.join(', ')}`);
  });
}
