import { bash } from './bash.js';
import { cmd } from './cmd.js';
import { load } from './load.js';
import type { TaskHandler } from './task.js';
import { helm, kubectl } from './tools.js';

export type TaskType = 'cmd' | 'bash' | 'helm' | 'helmv3' | 'kubectl' | 'load';

/** What `metadata.type` may say. */
export const taskHandlers = { cmd, bash, helm, helmv3: helm, kubectl, load } satisfies Record<
  TaskType,
  TaskHandler
>;

export function taskHandler(type: string): TaskHandler | undefined {
  return Object.hasOwn(taskHandlers, type) ? taskHandlers[type as TaskType] : undefined;
}
