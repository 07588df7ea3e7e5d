import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Ground, type Journey, takeAll } from '../ground.ts';
import { expectEqual } from '../wait.ts';
import { perform } from './performance.ts';
import { place } from './place.ts';
import { type Recorder, record } from './recorder.ts';
import { rehearse } from './rehearsal.ts';
import { createStage } from './stage.ts';
import { stories } from './stories.ts';
import { comparable, type Line, type Recording, type Story, startUpsOf } from './story.ts';

/** Between one release and the next: pods that all start at once take long. */
const apartMs = 2_000;

/** Rollouts whose course is known beforehand: a real cluster and the simulator say the same of each. */
export function rolloutsJourney(ground: Ground): Journey {
  const { kubectl, report } = ground;
  const stage = createStage(ground);

  async function compare(story: Story, going: Promise<Line[]>): Promise<void> {
    const lines = await going;
    if (ground.record) await keep(ground, story, lines);
    const simulated = await rehearse(story, startUpsOf(lines));
    expectEqual(`${story.name}, against the simulator`, comparable(lines), comparable(simulated));
  }

  async function play(seen: Recorder): Promise<void> {
    seen.begin();
    const going = stories.map((story, turn) => {
      const lines = pause(turn * apartMs).then(() => perform(kubectl, seen, story));
      // who fails is reported when its turn comes
      lines.catch(() => undefined);
      return { story, lines };
    });
    for (const { story, lines } of going) await report.step(story.title, () => compare(story, lines));
  }

  return {
    prepare: stage.prepare,
    async travel() {
      let seen: Recorder | undefined;
      const watched = () => {
        seen ??= record(kubectl);
        return seen;
      };
      try {
        if (await takeAll(ground, stage.installation(watched))) await play(watched());
      } finally {
        seen?.end();
        if (!ground.keep) await report.step('the stories’ stage is removed', stage.remove);
      }
    },
  };
}

interface Version {
  readonly serverVersion: { readonly gitVersion: string };
}

interface Deployments {
  readonly items: readonly {
    readonly spec: {
      readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
    };
  }[];
}

async function keep({ root, kubectl }: Ground, story: Story, lines: readonly Line[]): Promise<void> {
  const { serverVersion } = JSON.parse(await kubectl(['version', '-o', 'json'])) as Version;
  const { items } = await kubectl.get<Deployments>(`/apis/apps/v1/namespaces/${place.system}/deployments`);
  const images = items
    .map(({ spec }) => spec.template.spec.containers[0]!.image)
    .filter((image) => /ingress-nginx|prometheus/.test(image));
  const recording: Recording = {
    cluster: [`Kubernetes ${serverVersion.gitVersion}`, ...images].join(', '),
    story,
    lines,
  };
  const file = join(root, 'test/testing/recordings', `${story.name}.json`);
  await writeFile(file, `${JSON.stringify(recording, null, 2)}\n`);
}
