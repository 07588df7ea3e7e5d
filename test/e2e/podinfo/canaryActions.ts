import type { Kubectl } from '../kubectl.ts';
import { expectEqual, until } from '../wait.ts';
import type { Observer } from './observer.ts';
import { place } from './place.ts';
import type { Chapter } from './record.ts';
import { expectStory, lines, promotion, weightSteps } from './story.ts';

const { namespace, name, container } = place.app;
/** Ten steps of ten seconds, pods that start twice, and room for a slow machine. */
const RELEASE_MS = 300_000;

interface DeploymentObject {
  spec: { replicas?: number };
}

/** What a user does to the canary, and what must be seen then. */
export function createCanaryActions(kubectl: Kubectl, seen: Observer) {
  const chapters: Chapter[] = [];
  const said = () => seen.events.map(({ message }) => message);

  async function release(version: string): Promise<void> {
    seen.begin();
    const image = `ghcr.io/stefanprodan/podinfo:${version}`;
    await kubectl(['-n', namespace, 'set', 'image', `deployment/${name}`, `${container}=${image}`]);
    await until('the new revision to be seen', 30_000, () => said().includes(lines.detected));
  }

  /** Waits until it is over, either way, and keeps the events under the title. */
  async function endsIn(phase: 'Succeeded' | 'Failed', title: string): Promise<void> {
    const endings: string[] = [lines.promoted, lines.scaledDown];
    const over = () =>
      ['Succeeded', 'Failed'].includes(seen.phase) && said().some((line) => endings.includes(line));
    await until('the release to be over', RELEASE_MS, over).catch((error: Error) => {
      throw new Error(`${error.message}; phase ${seen.phase} and the events\n${said().join('\n')}`);
    });
    chapters.push({ title, events: [...seen.events] });
    expectEqual(`the phase after\n${said().join('\n')}\n`, seen.phase, phase);
  }

  async function expectVersion(version: string): Promise<void> {
    const answer = await kubectl.service(namespace, `${name}-primary`, '/version');
    expectEqual('what the primary says', (JSON.parse(answer) as { version: string }).version, version);
    await until('the canary to be scaled to zero', 30_000, async () => {
      const target = await kubectl.get<DeploymentObject>(
        `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
      );
      return target.spec.replicas === 0;
    });
    await until('the canary Ingress to send nothing to it', 10_000, () => seen.weights.at(-1) === 0);
  }

  return {
    chapters,
    release,
    endsIn,
    expectVersion,
    async expectPromotion(version: string): Promise<void> {
      expectStory(said(), promotion);
      const above = seen.weights.filter((weight) => weight > 0);
      expectEqual('the weights of the canary Ingress', above, weightSteps);
      await expectVersion(version);
    },
    async expectRollback(halt: RegExp, threshold: number, version: string): Promise<void> {
      const { detected, started, accepted, rollingBack, scaledDown } = lines;
      expectStory(said(), [detected, started, accepted, rollingBack(threshold), scaledDown]);
      // on a busy machine the first scrapes may be late: waiting for values is no failed check
      const waits = (message: string) => message.includes('; waiting for values until ');
      const halts = said().filter((message) => message.startsWith('Halt ') && !waits(message));
      const others = halts.filter((message) => !halt.test(message));
      expectEqual('halts for another reason', others, []);
      expectEqual('failed checks', halts.length, threshold);
      await expectVersion(version);
    },
  };
}
