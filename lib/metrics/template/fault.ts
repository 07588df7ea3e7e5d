import { PerchError } from '../../api/errors.js';

/** A place in a template's text: UTF-16 offset. */
export type Position = number;

/** The template's text does not follow the language. */
export function syntaxFault(source: string, position: Position, message: string): PerchError {
  return fault(
    'METRIC_TEMPLATE_SYNTAX',
    source,
    position,
    message,
    'correct the query at this place; the language is that of Go’s text/template',
  );
}

/** The template is well formed and cannot be evaluated. */
export function executionFault(source: string, position: Position, message: string): PerchError {
  return fault(
    'METRIC_TEMPLATE_EXECUTION',
    source,
    position,
    message,
    'use name, namespace, target, service, ingress, route, interval, and variables.x for what templateVariables has',
  );
}

function fault(
  code: string,
  source: string,
  position: Position,
  message: string,
  remedy: string,
): PerchError {
  const before = source.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return new PerchError({ code, message: `template: ${line}:${column}: ${message}`, remedy });
}
