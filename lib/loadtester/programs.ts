import { PerchError } from '../api/errors.js';

/**
 * What tests are made of. bash stands for every task of the type bash; whoever leaves it out has a load tester that
 * runs no shell at all.
 */
export const defaultPrograms: readonly string[] = [
  'bash',
  'bats',
  'curl',
  'ghz',
  'grpc_health_probe',
  'helm',
  'hey',
  'kubectl',
  'wrk',
];

/** Throws LOADTESTER_PROGRAM unless the list has the program, or `*`. */
export function checkProgram(program: string, allowed: readonly string[]): void {
  if (allowed.includes(program) || allowed.includes('*')) return;
  throw new PerchError({
    code: 'LOADTESTER_PROGRAM',
    message: `expected one of the programs ${allowed.join(', ')}, got ${program || 'none'}`,
    remedy: `use one of them, or start the load tester with ${program || 'yours'} in -allow-programs`,
    path: 'metadata.cmd',
  });
}
