import { Command } from 'commander';
import { realClock } from '../kube/clock.js';
import { createLoadTester } from '../loadtester/server.js';
import { describeFlags } from '../settings/flagKinds.js';
import { parseFlags } from '../settings/goFlags.js';
import { chooseAdmission } from './loadtesterAdmission.js';
import { loadtesterFlags } from './loadtesterFlags.js';
import { createLog } from './log.js';
import { type MetricsServer, startMetricsServer } from './metricsServer.js';
import { onStopSignal } from './signals.js';
import { perchVersion } from './version.js';

/** `perch loadtester`: runs the commands of acceptance and load tests, and keeps the gates. */
export function loadtesterCommand(): Command {
  return (
    new Command('loadtester')
      .description('run acceptance and load tests, and keep the gates (in the cluster)')
      // Go's flags, with one dash or two, are read by parseFlags
      .helpOption(false)
      .allowUnknownOption()
      .argument('[flags...]')
      .action(serve)
  );
}

const help = `Usage: perch loadtester [flags]

Answers webhooks as Flagger's load tester does: tasks of the types cmd and bash, gates and rollback switches.

Flags, with one dash or two:
${describeFlags(loadtesterFlags)}

Example:
  perch loadtester -port 8080 -timeout 1h -namespace-regexp '^test$' -token-digest-file /etc/perch/sha256
`;

async function serve(argv: readonly string[]): Promise<void> {
  const { values, help: asked } = parseFlags(loadtesterFlags, argv);
  if (asked) {
    process.stdout.write(help);
    return;
  }
  const log = createLog({
    level: values['log-level'],
    encoding: values['zap-encoding'],
    clock: realClock,
    write: (line) => void process.stderr.write(line),
  });
  const stopped = onStopSignal();
  const tester = createLoadTester(
    {
      timeoutMs: values.timeout,
      namespaceRegexp: values['namespace-regexp'],
      admit: chooseAdmission(values['token-digest-file'], values['allow-plain-requests']),
      programs: values['allow-programs'],
      concurrency: values['max-running'],
    },
    { log, clock: realClock },
  );
  const content = { healthy: () => true, metrics: tester.metrics };
  const metricsPort = values['metrics-port'];
  let metrics: MetricsServer | undefined;
  try {
    const port = await tester.listen(values.port);
    if (metricsPort > 0) metrics = await startMetricsServer(metricsPort, content, '-metrics-port');
    log.log('info', `perch ${perchVersion} load tester is listening on port ${port}`);
    const signal = await stopped;
    log.log('info', `${signal}: waiting for commands that a hook waits for`);
  } finally {
    await tester.close();
    await metrics?.close(0);
  }
}
