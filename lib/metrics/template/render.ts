import { createMemo } from '../../api/memo.js';
import type { Functions, Rendering } from './evaluator.js';
import { standardFunctions } from './functions.js';
import type { Template } from './node.js';
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
  const template = parsed(source, own);
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

/** Templates as they were read, by their text and the names it may call: every check asks for the same ones. */
const templates = createMemo<Template>(256);

function parsed(source: string, own: Functions): Template {
  const id = `${[...own.keys()].join(' ')}\n${source}`;
  return templates(id, () =>
    parseTemplate(source, new Set([...standardFunctions.keys(), ...own.keys(), 'and', 'or'])),
  );
}
