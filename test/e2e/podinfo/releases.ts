import type { Ground, Steps } from '../ground.ts';
import type { Kubectl } from '../kubectl.ts';
import { expectEqual, until } from '../wait.ts';
import type { createCanaryActions } from './canaryActions.ts';
import type { Observer } from './observer.ts';
import { place } from './place.ts';
import { receivedCards } from './receiver.ts';
import { lines } from './story.ts';
import type { createTraffic } from './traffic.ts';

const THRESHOLD = 10;

export interface ReleaseParts {
  readonly ground: Ground;
  readonly seen: Observer;
  readonly traffic: ReturnType<typeof createTraffic>;
  readonly canary: ReturnType<typeof createCanaryActions>;
}

/** The releases of the tutorials, one step each, in this order. */
export function releaseSteps(parts: ReleaseParts): Steps {
  const { ground, seen, traffic, canary } = parts;
  const { kubectl } = ground;
  return {
    'the canary is initialized': async () => {
      await until('phase Initialized', 120_000, () => seen.phase === 'Initialized');
      await until('its event', 10_000, () =>
        seen.events.some(({ message }) => message === lines.initialized),
      );
      await canary.expectVersion('6.9.0');
      await traffic.users();
    },
    'kubectl set image 6.9.1 is promoted over every weight from 5 to 50': async () => {
      await canary.release('6.9.1');
      await canary.endsIn('Succeeded', 'A release that is promoted');
      await canary.expectPromotion('6.9.1');
    },
    'a release that answers errors is rolled back at the threshold': async () => {
      await traffic.trouble('/status/500');
      await canary.release('6.9.2');
      await canary.endsIn('Failed', 'Errors: a release that is rolled back').finally(traffic.calm);
      await canary.expectRollback(/ advancement success rate \d+\.\d\d% < 99%$/, THRESHOLD, '6.9.1');
    },
    'a slow release is rolled back by the latency template': async () => {
      await traffic.trouble('/delay/2');
      await canary.release('6.9.0');
      await canary.endsIn('Failed', 'Slow answers: a release that is rolled back').finally(traffic.calm);
      await canary.expectRollback(/ advancement latency \d+\.\d\d > 0\.5$/, THRESHOLD, '6.9.1');
    },
    'a killed controller changes nothing in the outcome': async () => {
      await canary.release('6.9.2');
      await until('weight 20', 150_000, () => seen.weights.includes(20));
      await killController(ground);
      await canary.endsIn('Succeeded', 'A release whose controller was killed at weight 20');
      await canary.expectPromotion('6.9.2');
    },
    'Teams got a card of every start and every end, through the proxy': () => expectCards(kubectl),
  };
}

interface PodList {
  items: { status: { containerStatuses?: { containerID: string; ready: boolean }[] } }[];
}

/** As the kernel does when memory runs out: no signal that can be caught, no Lease that is released. */
async function killController({ kubectl, cluster }: Ground): Promise<void> {
  const selector = `app.kubernetes.io/name=${place.controller}`;
  const path = `/api/v1/namespaces/${place.system}/pods?labelSelector=${encodeURIComponent(selector)}`;
  const containers = async () =>
    (await kubectl.get<PodList>(path)).items.flatMap(({ status }) => status.containerStatuses ?? []);
  const [killed] = await containers();
  if (!killed) throw new Error('there is no controller to kill');
  if (cluster.kill) await cluster.kill(killed.containerID);
  else await kubectl(['-n', place.system, 'delete', 'pod', '-l', selector, '--force', '--grace-period=0']);
  await until('another controller', 60_000, async () =>
    (await containers()).some(({ containerID, ready }) => ready && containerID !== killed.containerID),
  );
}

async function expectCards(kubectl: Kubectl): Promise<void> {
  const detected = 'New revision detected, progressing canary analysis.';
  const about = `${place.app.name}.${place.app.namespace}`;
  // the controller serves all namespaces, and so whatever else is in the cluster
  const cards = (await receivedCards(kubectl)).filter(({ texts }) => texts.includes(about));
  const count = (text: string) => cards.filter(({ texts }) => texts.includes(text)).length;
  const counted = {
    initialized: count('New Deployment detected, initialization completed.'),
    started: count(detected),
    failed: count(`Failed checks threshold reached ${THRESHOLD}`),
    promoted: count('Canary analysis completed successfully, promotion finished.'),
    all: cards.length,
  };
  expectEqual('cards', counted, { initialized: 1, started: 4, failed: 2, promoted: 2, all: 9 });
  const facts = [
    'Target',
    `Deployment/${about}`,
    'Failed checks threshold',
    'Progress deadline',
    'Traffic routing',
  ];
  const card = cards.find(({ texts }) => texts.includes(detected));
  const shown = facts.filter((fact) => card?.texts.includes(fact));
  expectEqual('facts of a card', shown, facts);
  expectEqual('hosts that were asked for', [...new Set(cards.map(({ host }) => host))], ['teams.invalid']);
}
