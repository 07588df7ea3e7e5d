import type { PatchLine } from './difference.js';
import { Call, type Expression } from './expression.js';

/** `JsonPatch.add('/spec/minReadySeconds', 5)` */
export function patchExpression({ op, path, value }: PatchLine): Call {
  return new Call(`JsonPatch.${op}`, op === 'remove' ? [path] : [path, value as Expression]);
}
