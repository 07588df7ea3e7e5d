import { splitWords } from '../words.js';
import { awaited } from './awaited.js';

/** What follows the word helm, without a shell. */
export const helm = awaited('helm', (words) => ({ program: 'helm', args: splitWords(words) }));

/** What follows the word kubectl, without a shell. */
export const kubectl = awaited('kubectl', (words) => ({ program: 'kubectl', args: splitWords(words) }));
