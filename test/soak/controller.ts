import { join } from 'node:path';
import { pause } from '../../bench/controller.js';
import { freePorts } from './ports.js';
import { type Program, startProgram } from './program.js';

export interface ControllerOptions {
  /** Address of the API server as it sees it. */
  readonly apiServer: string;
  readonly metricsServer: string;
  /** @default - every one */
  readonly namespace?: string;
  readonly flags?: readonly string[];
  /** What to put before its command, so that it runs in a network namespace. @default - nothing */
  readonly enter?: readonly string[];
  /** Its log goes where nothing can be written any more. @default false */
  readonly fullDisk?: boolean;
  readonly logFile: string;
  readonly hear: (line: string) => void;
}

/** A `perch controller` in a process of its own, started again when it ends, as a kubelet does. */
export interface Controller {
  pid(): number;
  /** How often it was started. */
  readonly starts: number;
  signal(signal: NodeJS.Signals): void;
  /** From now on its wall clock is that much wrong. */
  stepClock(clockErrorMs: number): void;
  stop(): Promise<void>;
}

const RESTART_MS = 1_000;

export async function startController(options: ControllerOptions): Promise<Controller> {
  let starts = 0;
  let clockErrorMs = 0;
  let stopped = false;
  let program: Program | undefined;
  const run = async (): Promise<void> => {
    const [port] = await freePorts(1);
    program = launch(options, port ?? 0);
    starts += 1;
    if (clockErrorMs !== 0) program.tell({ clockErrorMs });
    await program.ended;
    if (stopped) return;
    await pause(RESTART_MS);
    if (!stopped) await run();
  };
  const running = run();
  while (!program) await pause(5);
  return {
    pid: () => program?.pid ?? 0,
    get starts() {
      return starts;
    },
    signal: (signal) => program?.signal(signal),
    stepClock(value) {
      clockErrorMs = value;
      program?.tell({ clockErrorMs });
    },
    async stop() {
      stopped = true;
      const patience = setTimeout(() => program?.signal('SIGKILL'), 15_000);
      await program?.end('SIGTERM');
      clearTimeout(patience);
      await running;
    },
  };
}

function launch(
  { apiServer, metricsServer, namespace = '', ...options }: ControllerOptions,
  port: number,
): Program {
  const { flags = [], enter = [], fullDisk = false, hear, logFile } = options;
  const [command = process.execPath, ...args] = [
    ...enter,
    process.execPath,
    ...[join(__dirname, 'perch.js'), 'controller', `-master=${apiServer}`, `-namespace=${namespace}`],
    ...[
      `-metrics-server=${metricsServer}`,
      '-mesh-provider=nginx',
      '-log-level=info',
      `-port=${port}`,
      ...flags,
    ],
  ];
  return startProgram({
    name: 'controller',
    command,
    args,
    logFile: fullDisk ? '/dev/full' : logFile,
    channel: true,
    ...(fullDisk ? {} : { hear }),
  });
}
