import { awaited } from './awaited.js';

/** `bash -c`; without bash among the programs no shell is ever started. */
export const bash = awaited('bash', (script) => ({ program: 'bash', args: ['-c', script] }));
