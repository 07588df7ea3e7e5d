import { join } from 'node:path';
import { readManifestFiles } from '../../lib/cli/manifestFiles.js';
import { refuseNothing } from '../../lib/cli/migrateNothing.js';
import { migrationText } from '../../lib/cli/migrateView.js';
import { paintFor } from '../../lib/cli/paint.js';
import { reportMigration } from '../../lib/migrate/report.js';
import { planTakeOver } from '../../lib/migrate/takeOver.js';

/** What `perch migrate` finds and prints of a folder or a file. */
async function migrate(place: string) {
  const { manifests, unread } = await readManifestFiles(join(__dirname, place));
  const report = reportMigration(manifests, unread, 'default');
  const takeOver = planTakeOver(report, place);
  return { takeOver, unread, text: migrationText(report, takeOver, { all: false, paint: paintFor(false) }) };
}

describe('perch migrate of a folder', () => {
  it('prints the steps when nothing is in the way', async () => {
    const { text } = await migrate('../migrate/fixtures/nginx.yaml');
    expect(text).toContain('Canary test/podinfo');
    expect(text).toContain('Nothing is in the way.');
    expect(text).toContain('perch deploy main.ts');
  });

  it('names file and field of what is invalid, and passes by what is no manifest', async () => {
    const { takeOver, unread, text } = await migrate('fixtures');
    expect(takeOver.objections).toEqual([
      expect.stringMatching(/invalid\.yaml: Canary shop\/web spec\.analysis\.threshold: /),
    ]);
    expect(unread).toMatchObject([{ source: expect.stringMatching(/kustomization\.yaml$/), broken: false }]);
    expect(text).toContain('In the way:');
  });

  it('is refused where there is none', async () => {
    await expect(readManifestFiles('nowhere')).rejects.toMatchObject({ code: 'MIGRATE_NO_MANIFESTS' });
  });
});

describe('perch migrate of what has nothing of Flagger', () => {
  const found = reportMigration(
    [],
    [{ source: 'a.yaml', message: 'expected YAML', broken: true }],
    'default',
  );

  it('says so, and what was looked at, as nothing can be taken over', () => {
    expect(() => refuseNothing(found, 2, 'deploy/')).toThrow(
      expect.objectContaining({
        code: 'MIGRATE_NOTHING',
        message: expect.stringMatching(
          /^expected a Canary, found none.* deploy\/: 2 other objects\n.*a\.yaml: expected YAML$/,
        ),
      }),
    );
  });

  it('is content with a template, and says that there is no Canary', async () => {
    const object = {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'MetricTemplate',
      metadata: { name: 'latency' },
    };
    const report = reportMigration([{ object }], [], 'default');
    expect(() => refuseNothing(report, 1, 'deploy/')).not.toThrow();
    const options = { all: false, paint: paintFor(false) };
    expect(migrationText(report, planTakeOver(report, 'deploy/'), options)).toContain(
      'There is no Canary.\n',
    );
  });
});
