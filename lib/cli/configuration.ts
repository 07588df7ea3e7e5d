import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { PerchError } from '../api/errors.js';
import { firstLine } from './parseObjects.js';

/** The app command of cdk8s.yaml; undefined where there is no such file, or no command in it. */
export function configuredCommand(folder: string): string | undefined {
  const file = resolve(folder, 'cdk8s.yaml');
  if (!existsSync(file)) return undefined;
  const { app } = (read(file) ?? {}) as { app?: unknown };
  if (app === undefined || app === null || typeof app === 'string') return app || undefined;
  throw unusable(file, `expected app to be a command, got ${JSON.stringify(app)}`);
}

function read(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw unusable(file, `expected a file of YAML, got ${firstLine(cause as Error)}`, cause);
  }
}

function unusable(path: string, message: string, cause?: unknown): PerchError {
  return new PerchError({
    code: 'SYNTH_CONFIGURATION',
    message,
    remedy: 'put it right, e.g. app: npx ts-node main.ts; or name a program, which does without it',
    path,
    cause,
  });
}
