import { Canaries, type Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import type { Deployment, Secret } from '../api/workloads.js';
import { globalNotifier } from '../notifiers/global.js';
import { ApiError } from '../ports/cluster.js';
import { controllerFlags } from '../settings/controllerFlags.js';
import { type ControllerSettings, settingsOf } from '../settings/controllerSettings.js';
import { type Environment, parseFlags } from '../settings/goFlags.js';
import type { ApiRequest } from '../sim/cluster/virtualCluster.js';
import { modelOf } from '../sim/limits.js';
import { createWorld, type World, type WorldOptions } from '../sim/world.js';
import { type Declared, ofKind, requireEntry, wordsOf } from './declared.js';
import { checkSimulated } from './simulated.js';
import { withStandIns } from './standIns.js';

/** A stack as it was declared, on a virtual cluster, with its controller running. */
export interface Stage extends Declared {
  readonly world: World;
  /** The Canary as it is now; undefined when it was deleted. */
  current(): Canary | undefined;
  phase(): string;
  /** Percent of the traffic on the new version. */
  weight(): number;
}

interface StageOptions extends WorldOptions {
  /** Before the controller starts. */
  readonly prepare?: (world: World) => void;
  readonly intercept?: (request: ApiRequest) => void;
  /** Whether `prepare` lets something answer at this URL in place of the virtual Prometheus. @default - it does not */
  readonly isAnswered?: (url: string) => boolean;
}

interface EnvironmentEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

/** Where the controller that perch's platform installs finds Prometheus. */
const usualFlags = ['-mesh-provider=nginx', '-metrics-server=http://prometheus.monitoring:9090'];

/** What people keep out of the program: a Secret that is not declared gets an address that goes nowhere. */
function standInAddress(variable: string): string {
  const host = variable.startsWith('MSTEAMS')
    ? 'example.webhook.office.com/webhookb2/simulated'
    : 'hooks.slack.com/services/simulated';
  return `https://${host}`;
}

/** The controller's environment as its Deployment says. */
function environmentOf({ controller, objects }: Declared): Environment {
  const entries = (controller?.spec.template.spec.containers[0]?.env ?? []) as readonly EnvironmentEntry[];
  return Object.fromEntries(
    entries.map(({ name, value, valueFrom }) => {
      const reference = valueFrom?.secretKeyRef;
      if (!reference) return [name, value];
      const declared = ofKind<Secret>(objects, 'Secret').find(
        ({ metadata }) => metadata.name === reference.name,
      );
      if (!declared) return [name, standInAddress(name)];
      const encoded = declared.data?.[reference.key];
      return [name, encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString()];
    }),
  );
}

function settingsFor(declared: Declared): ControllerSettings {
  const words = declared.controller ? wordsOf(declared.controller as Deployment).slice(1) : usualFlags;
  return settingsOf(parseFlags(controllerFlags, words, environmentOf(declared)).values);
}

/** Groups of Kubernetes itself: a kind in one of them that nobody knows is misspelt. */
const ownGroup = /^([a-z]+\/|v1$|[a-z.]+\.k8s\.io\/)/;

/** An object of somebody else's kind, whose CRD is not declared, is left out: nothing here would read it. */
function apply(world: World, object: KubeObject): void {
  try {
    world.apply([object]);
  } catch (error) {
    const { apiVersion, kind, metadata } = object;
    const isUnknown = error instanceof PerchError && error.code === 'SIM_UNKNOWN_KIND';
    if (isUnknown && !ownGroup.test(apiVersion ?? '')) return;
    if (!(error instanceof ApiError)) throw error;
    throw new PerchError({
      code: 'TESTING_OBJECT_REFUSED',
      message: `expected an object that an API server accepts, got one that it refuses: ${error.message}`,
      remedy: 'put right the fields that it names',
      path: [kind, metadata.namespace, metadata.name].filter(Boolean).join('/'),
      cause: error,
    });
  }
}

/** Applies the objects to a new virtual cluster and starts the controller that is among them, or the usual one. */
export async function setStage(declared: Declared, options: StageOptions = {}): Promise<Stage> {
  const { prepare, intercept, isAnswered = () => false, ...worldOptions } = options;
  const settings = settingsFor(declared);
  const { meshProvider, metricsServer } = settings.controller;
  checkSimulated(declared, { meshProvider, metricsServer, isAnswered });
  requireEntry(declared, modelOf({ canary: declared.canary, meshProvider }));
  const world = createWorld(worldOptions);
  for (const host of ['discord.com', 'chat.googleapis.com', 'rocket.example.com']) world.addSink(host);
  for (const object of withStandIns(declared.objects, settings.controller)) apply(world, object);
  prepare?.(world);
  const notifier = globalNotifier(settings.notifier, world.http);
  await world.startController({
    options: settings.controller,
    ...(notifier && { globalNotifier: notifier }),
    ...(intercept && { intercept }),
  });
  const key = { namespace: declared.namespace, name: declared.canary.metadata.name ?? '' };
  const current = () => world.read(Canaries, key);
  return {
    ...declared,
    world,
    current,
    phase: () => current()?.status?.phase ?? '',
    weight: () => current()?.status?.canaryWeight ?? 0,
  };
}
