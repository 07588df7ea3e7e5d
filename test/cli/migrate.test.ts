import { join } from 'node:path';
import { readManifestFiles } from '../../lib/cli/manifestFiles.js';
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
