import { PerchError } from '../api/errors.js';
import type { MigrationReport } from '../migrate/report.js';

/** Throws MIGRATE_NOTHING where nothing of Flagger's was found: that nothing is in the way would be no answer. */
export function refuseNothing(
  { objects, flagger, unread }: MigrationReport,
  read: number,
  place: string,
): void {
  if (objects.length > 0 || flagger.length > 0) return;
  throw new PerchError({
    code: 'MIGRATE_NOTHING',
    message: [
      `expected a Canary, found none, nor a MetricTemplate, an AlertProvider or Flagger itself; looked at ${place}: ${
        read === 1 ? '1 other object' : `${read} other objects`
      }`,
      ...unread.map(({ source, message }) => `  ${source}: ${message}`),
    ].join('\n  '),
    remedy:
      'name the folder or file that the canaries are in, - for what renders them, or the cluster with --context',
    path: place,
  });
}
