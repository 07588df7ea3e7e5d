import { type Ground, type Journey, takeAll, takeEach } from '../ground.ts';
import { createCanaryActions } from './canaryActions.ts';
import { observe } from './observer.ts';
import { place } from './place.ts';
import { writeRecord } from './record.ts';
import { releaseSteps } from './releases.ts';
import { createStack } from './stack.ts';
import { createTraffic } from './traffic.ts';

/** The synthesised stack of the tutorials: installed, released into, taken away. */
export function podinfoJourney(ground: Ground): Journey {
  const { kubectl, report } = ground;
  const stack = createStack(ground);
  async function release(): Promise<void> {
    const seen = observe(kubectl, place.app.namespace, place.app.name, place.app.name);
    const canary = createCanaryActions(kubectl, seen);
    try {
      await takeEach(ground, releaseSteps({ ground, seen, traffic: createTraffic(kubectl), canary }));
    } finally {
      seen.end();
    }
    if (ground.record) await writeRecord(ground.root, canary.chapters);
  }
  return {
    prepare: stack.prepare,
    async travel() {
      try {
        if (await takeAll(ground, stack.installation)) await release();
      } finally {
        if (!ground.keep) await report.step('everything that was applied is removed', stack.remove);
      }
    },
  };
}
