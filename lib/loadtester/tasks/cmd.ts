import { answer } from '../answer.js';
import { canaryOf } from '../payload.js';
import { parseGoBool } from './goBool.js';
import type { TaskHandler } from './task.js';

/**
 * Starts a command by `sh -c` and answers without waiting for it; what becomes of it is logged and counted only.
 * A command that this canary has running already is not started again.
 */
export const cmd: TaskHandler = async (payload, runner) => {
  const script = payload.metadata.cmd;
  if (!script) return answer(400, 'cmd not found in metadata');
  runner.start({
    type: 'cmd',
    canary: canaryOf(payload),
    shell: 'sh',
    script,
    logOutput: parseGoBool(payload.metadata.logCmdOutput),
  });
  return answer(202);
};
