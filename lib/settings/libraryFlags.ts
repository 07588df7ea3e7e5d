import { booleanFlag, stringFlag } from './flagKinds.js';

const about = "of Flagger's Go libraries; taken, and without effect";

/**
 * Flags about the logs of libraries that Flagger is built from (klog, zap) and perch is not. They are taken, so that
 * a line that starts flagger today starts perch, and the log says that they do nothing.
 */
export const libraryFlags = {
  add_dir_header: booleanFlag(false, about),
  alsologtostderr: booleanFlag(false, about),
  log_backtrace_at: stringFlag('', about),
  log_dir: stringFlag('', about),
  log_file: stringFlag('', about),
  log_file_max_size: stringFlag('1800', about),
  logtostderr: booleanFlag(true, about),
  one_output: booleanFlag(false, about),
  skip_headers: booleanFlag(false, about),
  skip_log_headers: booleanFlag(false, about),
  stderrthreshold: stringFlag('2', about),
  v: stringFlag('0', about),
  vmodule: stringFlag('', about),
  'zap-replace-globals': booleanFlag(false, about),
} as const;

/** The flags among `given` that do nothing, as they were written. */
export function withoutEffect(given: ReadonlySet<string>): string[] {
  return Object.keys(libraryFlags)
    .filter((name) => given.has(name))
    .map((name) => `-${name}`);
}
