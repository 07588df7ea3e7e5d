import { createRequire } from 'node:module';
import { PerchError } from '../api/errors.js';
import { nearestName } from '../api/validation/spelling.js';
import type { FailureReport } from './programHost.js';

/** What a program that failed has to say, with the line of the user's own file where that can be known. */
export function programError(program: string, report: FailureReport): PerchError {
  const cause = new Error(report.message);
  cause.stack = report.stack;
  const position = sourcePosition(report.stack);
  if (report.name === 'PerchError' && report.code && report.remedy) {
    const { code, message, remedy } = report;
    const path = [report.path, position && `(${position})`].filter(Boolean).join(' ');
    return new PerchError({ code, message, remedy, path, cause });
  }
  const { message, remedy } =
    absentExport(report.message, position ?? program) ??
    absentPackage(report.message) ??
    otherFailure(report);
  return new PerchError({
    code: 'SYNTH_PROGRAM_FAILED',
    message: `the program failed: ${message}`,
    remedy,
    path: position ?? program,
    cause,
  });
}

interface Explanation {
  readonly message: string;
  readonly remedy: string;
}

/** Node advises to import a CommonJS module as a whole, which gives no name that it does not have. */
function absentExport(said: string, place: string): Explanation | undefined {
  const [, name, module] =
    /^Named export '(.+?)' not found\. The requested module '(.+?)' is a CommonJS module/.exec(said) ?? [];
  if (name === undefined || module === undefined) return undefined;
  const names = exportsOf(module, place.replace(/(:\d+)+$/, ''));
  if (names.length === 0 || names.includes(name)) return undefined;
  const near = nearestName(name, names);
  return {
    message: `${module} exports no ${name}`,
    remedy: `${near ? `did you mean ${near}? ` : ''}if it is a type: import type { ${name} }`,
  };
}

function exportsOf(module: string, importer: string): string[] {
  try {
    return Object.keys(createRequire(importer)(module));
  } catch {
    // Then Node's own words have to do.
    return [];
  }
}

function absentPackage(said: string): Explanation | undefined {
  const [, absent] = /^Cannot find (?:package|module) '([^'./][^']*)'/.exec(said) ?? [];
  return absent
    ? { message: firstLines(said), remedy: `install it where the program is: npm install ${absent}` }
    : undefined;
}

function otherFailure({ message, stack }: FailureReport): Explanation {
  const where = stack ? '; --verbose shows where it was thrown' : '';
  return { message: firstLines(message), remedy: `put right what the message names${where}` };
}

function firstLines(said: string): string {
  return said.split('\nRequire stack:')[0] ?? said;
}

/** `file:line:column` of the user's own code: what cannot be parsed or linked, or what comes first in a stack. */
function sourcePosition(stack = ''): string | undefined {
  const [, file, line, indent] = /^(?:file:\/\/)?(\/.+):(\d+)\n(?:.*\n)*?([^\S\n]*)\^/.exec(stack) ?? [];
  if (file !== undefined) return `${decodeURI(file)}:${line}:${(indent ?? '').length + 1}`;
  const frames = stack.matchAll(/^\s+at (?:async )?(?:[^/]*\()?(?:file:\/\/)?(\/[^()]+:\d+:\d+)\)?$/gm);
  for (const [, place = ''] of frames) {
    const frame = decodeURI(place);
    if (!frame.includes('/node_modules/') && !frame.startsWith(`${__dirname}/`)) return frame;
  }
  return undefined;
}
