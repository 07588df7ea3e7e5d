import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { routers } from '../routers/registry.js';
import { controllerFlags } from '../settings/controllerFlags.js';
import { settingsOf } from '../settings/controllerSettings.js';
import { describeFlags } from '../settings/flagKinds.js';
import { parseFlags } from '../settings/goFlags.js';
import { withoutEffect } from '../settings/libraryFlags.js';
import { runController } from './controllerProcess.js';
import { refuseUnsupported } from './controllerRefusals.js';
import { createLogOutput, sendToStandardError } from './logOutput.js';
import { onStopSignal } from './signals.js';
import { perchVersion } from './version.js';

/** `perch controller`: takes the place of `flagger`, started with the same words. */
export function controllerCommand(): Command {
  return new Command('controller')
    .description('run the controller')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[flags...]')
    .action((words: string[]) => start(words));
}

async function start(argv: readonly string[]): Promise<void> {
  const { values, given, help } = parseFlags(controllerFlags, argv, process.env);
  if (help) return void process.stdout.write(helpText());
  if (values.version) return void process.stdout.write(`perch version ${perchVersion}\n`);
  refuseUnsupported(values, given, Object.keys(routers));
  keepYoungGenerationSmall();
  const output = createLogOutput(sendToStandardError());
  await runController(settingsOf(values), {
    version: perchVersion,
    hostname: hostname(),
    environment: process.env,
    write: output.write,
    lostLines: output.lost,
    stopRequested: onStopSignal(),
    exit: (code) => process.exit(code),
    withoutEffect: withoutEffect(given),
  });
}

/**
 * V8 lets the young generation grow to 48 MiB while the caches fill, and keeps it. What a controller allocates later
 * is little and soon garbage: 500 idle canaries take 140 MiB instead of 190.
 */
function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

function helpText(): string {
  return [
    "Runs the controller in place of flagger, with flagger's flags (one dash or two).",
    '',
    'Usage: perch controller [flags]',
    '',
    'Example:',
    '  perch controller -mesh-provider nginx -metrics-server http://prometheus:9090 -namespace test',
    '',
    'Flags:',
    describeFlags(controllerFlags),
    '',
  ].join('\n');
}
