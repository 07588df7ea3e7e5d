import { answer } from '../answer.js';
import { canaryOf } from '../payload.js';
import { type Command, runCommand } from '../processes.js';
import { checkProgram } from '../programs.js';
import { parseGoBool } from './goBool.js';
import { type TaskHandler, tooMany } from './task.js';

/** A command that is waited for: the answer is its result, with its output on failure or when asked for. */
export function awaited(type: string, read: (text: string) => Command): TaskHandler {
  return async ({ metadata, ...payload }, { runner, programs }) => {
    const title = metadata.cmd;
    if (!title) return answer(400, 'cmd not found in metadata');
    const command = read(title);
    checkProgram(command.program, programs);
    const result = await runner.run({
      type,
      canary: canaryOf(payload),
      title,
      logOutput: parseGoBool(metadata.logCmdOutput),
      perform: (limits) => runCommand(command, limits),
    });
    if (!result) return tooMany;
    if (result.outcome !== 'success') {
      return answer(500, `command ${title} failed: ${result.output}: ${result.error}`);
    }
    return answer(200, parseGoBool(metadata.returnCmdOutput) ? result.output : '');
  };
}
