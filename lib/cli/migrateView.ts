import type { FlaggerInstallation } from '../migrate/flagger.js';
import type { MigrationReport, ObjectFinding } from '../migrate/report.js';
import type { TakeOver } from '../migrate/takeOver.js';
import type { Paint } from './paint.js';

export interface MigrationViewOptions {
  /** With what differs for every canary. */
  readonly all: boolean;
  readonly paint: Paint;
}

/** The report for people: each object with what deviates and what is wrong, then what to do. */
export function migrationText(
  report: MigrationReport,
  { objections, steps }: TakeOver,
  { all, paint }: MigrationViewOptions,
): string {
  const { flagger, objects, unread, behaviours } = report;
  const lines = [
    ...flagger.flatMap(installationLines),
    ...objects.flatMap((object) => objectLines(object, paint)),
    ...(objects.some(({ kind }) => kind === 'Canary') ? [] : ['There is no Canary.']),
    ...unread
      .filter(({ broken }) => !broken)
      .map(({ source }) => paint.faint(`${source}: no manifest, passed by`)),
    '',
    ...(all
      ? [
          'For every canary:',
          ...behaviours.map(({ flagger, perch }) => `  Flagger: ${flagger}; perch: ${perch}`),
        ]
      : [
          paint.faint(
            `${behaviours.length} things differ for every canary: --all, or docs/flagger-parity.md`,
          ),
        ]),
    '',
    ...(objections.length > 0
      ? [paint.red('In the way:'), ...objections.map((text) => paint.red(`  - ${text}`))]
      : [paint.green('Nothing is in the way.')]),
    '',
    'To take over:',
    ...steps.flatMap(({ what, commands }, at) => [
      `  ${at + 1}. ${what}`,
      ...commands.map((command) => `       ${command}`),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function installationLines({ namespace, name, image, flags }: FlaggerInstallation): string[] {
  const differing = flags.filter(({ status }) => status !== 'same');
  return [
    `Deployment ${namespace}/${name} runs ${image}: ${flags.length - differing.length} flags are the same`,
    ...differing.map(({ flag, status, remarks }) => `  ${status}: ${flag}: ${remarks}`),
  ];
}

function objectLines(finding: ObjectFinding, paint: Paint): string[] {
  const { kind, namespace, name, source, phase, same, deviations, routing, problems } = finding;
  const where = [source, phase].filter(Boolean).join(', ');
  return [
    `${kind} ${namespace}/${name}${where ? paint.faint(` (${where})`) : ''}: ${same} fields are the same`,
    ...deviations.map(({ field, status, remarks }) => paint.yellow(`  ${status}: ${field}: ${remarks}`)),
    ...routing.map(({ flagger, perch }) => `  routing: Flagger ${flagger}; perch: ${perch}`),
    ...problems.map(({ level, path, message, remedy }) => {
      const line = `  ${level === 'error' ? 'invalid' : level}: ${path}: ${message}\n    remedy: ${remedy}`;
      return level === 'error' ? paint.red(line) : paint.yellow(line);
    }),
  ];
}
