import { answer } from '../answer.js';
import { canaryOf } from '../payload.js';
import { parseGoBool } from './goBool.js';
import type { TaskHandler } from './task.js';

/** Runs a command by `bash -c` and answers with its result; its output is told on failure, or when asked for. */
export const bash: TaskHandler = async (payload, runner) => {
  const script = payload.metadata.cmd;
  if (!script) return answer(400, 'cmd not found in metadata');
  const result = await runner.run({
    type: 'bash',
    canary: canaryOf(payload),
    shell: 'bash',
    script,
    logOutput: parseGoBool(payload.metadata.logCmdOutput),
  });
  if (result.outcome !== 'success') {
    return answer(500, `command ${script} failed: ${result.output}: ${result.error}`);
  }
  return answer(200, parseGoBool(payload.metadata.returnCmdOutput) ? result.output : '');
};
