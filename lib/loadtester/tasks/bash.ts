import { answer } from '../answer.js';
import { canaryOf } from '../payload.js';
import { runCommand } from '../processes.js';
import { checkProgram } from '../programs.js';
import { parseGoBool } from './goBool.js';
import { type TaskHandler, tooMany } from './task.js';

/** Runs a command by `bash -c` and answers with its result; its output is told on failure, or when asked for. */
export const bash: TaskHandler = async ({ metadata, ...payload }, { runner, programs }) => {
  const script = metadata.cmd;
  if (!script) return answer(400, 'cmd not found in metadata');
  checkProgram('bash', programs);
  const result = await runner.run({
    type: 'bash',
    canary: canaryOf(payload),
    title: script,
    logOutput: parseGoBool(metadata.logCmdOutput),
    perform: (limits) => runCommand({ program: 'bash', args: ['-c', script] }, limits),
  });
  if (!result) return tooMany;
  if (result.outcome !== 'success') {
    return answer(500, `command ${script} failed: ${result.output}: ${result.error}`);
  }
  return answer(200, parseGoBool(metadata.returnCmdOutput) ? result.output : '');
};
