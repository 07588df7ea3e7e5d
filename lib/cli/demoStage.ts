import { Canaries, type Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import type { Deployment, Ingress, Secret } from '../api/workloads.js';
import { globalNotifier } from '../notifiers/global.js';
import { controllerFlags } from '../settings/controllerFlags.js';
import { settingsOf } from '../settings/controllerSettings.js';
import { type Environment, parseFlags } from '../settings/goFlags.js';
import { traffic } from '../sim/models/traffic.js';
import { createWorld, type World } from '../sim/world.js';

/** A stack as it was declared, on a virtual cluster, with its controller running. */
export interface Stage {
  readonly world: World;
  readonly namespace: string;
  /** Name of the canary. */
  readonly canary: string;
  /** The Deployment that is released, its first container, and the image it begins with. */
  readonly target: string;
  readonly container: string;
  readonly image: string;
  /** Host of the Ingress that users come through. */
  readonly host: string;
  phase(): Promise<string>;
  weight(): Promise<number>;
}

interface EnvironmentEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

const seed = 'perch demo';
const usersPerSecond = 20;

function missing(what: string, file: string): PerchError {
  return new PerchError({
    code: 'DEMO_STACK_INCOMPLETE',
    message: `expected the program to declare ${what}, found none`,
    remedy: 'declare a whole stack (CanaryPlatform and CanaryApp with a host), as examples/podinfo does',
    path: file,
  });
}

function ofKind<T extends KubeObject>(objects: readonly KubeObject[], kind: string): T[] {
  return objects.filter((object) => object.kind === kind) as T[];
}

/** What the first container is started with. */
function wordsOf({ spec }: Deployment): string[] {
  return (spec.template.spec.containers[0]?.args ?? []) as string[];
}

function isController(deployment: Deployment): boolean {
  return wordsOf(deployment)[0] === 'controller';
}

/** What people keep out of the program: a Secret that is not declared gets an address that goes nowhere. */
function standInSecret(name: string, key: string, variable: string, namespace: string): Secret {
  const host = variable.startsWith('MSTEAMS')
    ? 'example.webhook.office.com/webhookb2/demo'
    : 'hooks.slack.com/services/demo';
  const data = { [key]: Buffer.from(`https://${host}`).toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data };
}

/** The controller's environment as its Deployment says; Secrets that are not declared are made up and applied. */
function environmentOf(world: World, deployment: Deployment, objects: readonly KubeObject[]): Environment {
  const namespace = deployment.metadata.namespace ?? 'default';
  const entries = (deployment.spec.template.spec.containers[0]?.env ?? []) as readonly EnvironmentEntry[];
  return Object.fromEntries(
    entries.map(({ name, value, valueFrom }) => {
      const reference = valueFrom?.secretKeyRef;
      if (!reference) return [name, value];
      const declared = ofKind<Secret>(objects, 'Secret').find(
        ({ metadata }) => metadata.name === reference.name,
      );
      const secret = declared ?? standInSecret(reference.name, reference.key, name, namespace);
      if (!declared) world.apply([secret]);
      return [name, Buffer.from(secret.data?.[reference.key] ?? '', 'base64').toString()];
    }),
  );
}

async function startController(
  world: World,
  deployment: Deployment,
  objects: readonly KubeObject[],
): Promise<void> {
  const environment = environmentOf(world, deployment, objects);
  const words = wordsOf(deployment).slice(1);
  const settings = settingsOf(parseFlags(controllerFlags, words, environment).values);
  const notifier = globalNotifier(settings.notifier, world.http);
  await world.startController({
    options: settings.controller,
    ...(notifier && { globalNotifier: notifier }),
  });
}

/** Applies the objects to a new virtual cluster and starts the controller that is among them. */
export async function setStage(objects: readonly KubeObject[], file: string): Promise<Stage> {
  const [canary] = ofKind<Canary>(objects, 'Canary');
  if (!canary) throw missing('a Canary', file);
  const namespace = canary.metadata.namespace ?? 'default';
  const deployments = ofKind<Deployment>(objects, 'Deployment');
  const target = deployments.find(
    ({ metadata }) =>
      metadata.name === canary.spec.targetRef.name && metadata.namespace === canary.metadata.namespace,
  );
  const container = target?.spec.template.spec.containers[0];
  if (!target || !container?.image) throw missing(`the Deployment ${canary.spec.targetRef.name}`, file);
  const controller = deployments.find(isController);
  if (!controller) throw missing('a controller', file);
  const ingress = ofKind<Ingress>(objects, 'Ingress').find(
    ({ metadata }) => metadata.name === canary.spec.ingressRef?.name,
  );
  const host = ingress?.spec.rules?.[0]?.host;
  if (!host) throw missing('an Ingress with a host for the canary', file);

  const world = createWorld({ seed, traffic: traffic.steady({ rps: usersPerSecond, host }) });
  world.apply(objects);
  await startController(world, controller, objects);
  const key = { namespace, name: canary.metadata.name ?? '' };
  const status = async () => (await world.cluster.get(Canaries, key)).status;
  return {
    world,
    namespace,
    canary: key.name,
    target: canary.spec.targetRef.name,
    container: container.name,
    image: container.image,
    host,
    phase: async () => (await status())?.phase ?? '',
    weight: async () => (await status())?.canaryWeight ?? 0,
  };
}
