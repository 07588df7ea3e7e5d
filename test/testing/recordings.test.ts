import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rehearse } from '../e2e/rollouts/rehearsal.js';
import { stories } from '../e2e/rollouts/stories.js';
import { comparable, type Recording, startUpsOf } from '../e2e/rollouts/story.js';

/*
 * Rollouts of this controller on a real cluster, with a real ingress-nginx and a real Prometheus, as
 * `npm run e2e -- rollouts --record` wrote them down.
 */
const folder = join(__dirname, 'recordings');
const recordings = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording,
);

test('there is a recording of every story, and its world is the story’s', () => {
  const recorded = recordings.map(({ story }) => story).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const told = JSON.parse(JSON.stringify(stories)) as typeof stories;
  expect(recorded).toEqual(told.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
});

describe('the simulator says what the controller said on a real cluster, in the same order, phases and weights', () => {
  test.each(recordings.map((recording) => [recording.story.title, recording] as const))(
    '%s',
    async (_, { story, lines }) => {
      expect(comparable(await rehearse(story, startUpsOf(lines)))).toEqual(comparable(lines));
    },
  );
});
