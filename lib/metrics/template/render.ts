import type { Functions, Rendering } from './evaluator.js';
import { standardFunctions } from './functions.js';
import { parseTemplate } from './parser.js';
import { perform } from './statements.js';

const steps = 100_000;

/**
 * Renders a template of Go's text/template language (option `missingkey=error`, no data) with functions of one's
 * own beside the standard ones. Throws a PerchError, and nothing else, when it cannot be read or evaluated.
 *
 * Left out of the language because a query has no use for it: complex and hexadecimal floating-point numbers,
 * methods and `call`.
 */
export function renderTemplate(source: string, own: Functions): string {
  const functions: Functions = new Map([...standardFunctions, ...own]);
  const template = parseTemplate(source, new Set([...functions.keys(), 'and', 'or']));
  const rendering: Rendering = {
    template,
    functions,
    variables: [{ name: '$', value: undefined }],
    output: '',
    steps,
  };
  perform(rendering, undefined, template.body);
  return rendering.output;
}
