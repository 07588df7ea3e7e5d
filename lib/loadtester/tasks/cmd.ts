import { answer } from '../answer.js';
import { canaryOf } from '../payload.js';
import { runCommand } from '../processes.js';
import { checkProgram } from '../programs.js';
import { splitWords } from '../words.js';
import { parseGoBool } from './goBool.js';
import { type TaskHandler, tooMany } from './task.js';

/**
 * Starts a program, without a shell, and answers without waiting for it; what becomes of it is logged and counted
 * only. A command that this canary has running already is not started again.
 */
export const cmd: TaskHandler = async ({ metadata, ...payload }, { runner, programs }) => {
  const title = metadata.cmd;
  if (!title) return answer(400, 'cmd not found in metadata');
  const [program = '', ...args] = splitWords(title);
  checkProgram(program, programs);
  const taken = runner.start({
    type: 'cmd',
    canary: canaryOf(payload),
    title,
    logOutput: parseGoBool(metadata.logCmdOutput),
    perform: (limits) => runCommand({ program, args }, limits),
  });
  return taken ? answer(202) : tooMany;
};
