import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a program ended. */
export interface Ending {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whichever that is. */
export function endingOf(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...options.env };
    const stdin = options.input === undefined ? 'ignore' : 'pipe';
    const child = spawn(file, args, { cwd: options.cwd, env, stdio: [stdin, 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout!.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr!.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    child.stdin?.end(options.input);
  });
}

/** Runs a program to its end and gives what it printed; a status other than 0 is an error with its last lines. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { status, stdout, stderr } = await endingOf(file, args, options);
  if (status === 0) return stdout;
  const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-30).join('\n');
  throw new Error(`${file} ${args.join(' ')} ended with status ${status}:\n${tail}`);
}
