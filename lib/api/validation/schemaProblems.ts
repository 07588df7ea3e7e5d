import type { z } from 'zod';
import { fieldPath, type JsonObject, valueAt } from '../schema/json.js';
import { unknownFields } from '../schema/prune.js';
import type { StructuralSchema } from '../schema/structural.js';
import { describeGiven } from './given.js';
import type { Problem } from './problem.js';
import { nearestName } from './spelling.js';

type Issue = z.core.$ZodIssue;

/** Fields that the schema does not list: the API server would drop them without a word. */
export function unknownFieldProblems(schema: StructuralSchema, object: JsonObject): Problem[] {
  return unknownFields(schema, object).map(({ path, name, known }) => {
    const meant = nearestName(name, known);
    return {
      level: 'mistake',
      code: 'API_UNKNOWN_FIELD',
      path,
      message: `expected a known field, got ${JSON.stringify(name)}${meant ? `; did you mean ${meant}?` : ''}`,
      remedy: meant
        ? `Rename ${name} to ${meant}.`
        : `Remove ${name}; known here: ${known.join(', ') || 'nothing'}.`,
    };
  });
}

/** What zod found, with what was expected, what was given, and what to do. */
export function schemaProblems(
  issues: readonly Issue[],
  schema: StructuralSchema,
  object: unknown,
): Problem[] {
  return issues.map((issue) => {
    const path = issue.path.reduce<string>((parent, key) => fieldPath(parent, key as string | number), '');
    const given = valueAt(object, issue.path);
    const expected = expectation(issue);
    return {
      level: 'error',
      code: 'API_INVALID_FIELD',
      path,
      message: `expected ${expected}, got ${describeGiven(given, path)}`,
      remedy: remedy(issue, path, given, describe(schema, issue.path)),
    };
  });
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected === 'record' ? 'object' : issue.expected);
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'invalid_union':
      return 'a number or a string';
    case 'too_small':
      return issue.origin === 'string'
        ? `at least ${issue.minimum} characters`
        : `at least ${issue.minimum} items`;
    case 'too_big':
      return issue.origin === 'string'
        ? `at most ${issue.maximum} characters`
        : `at most ${issue.maximum} items`;
    case 'invalid_format':
      return issue.message.startsWith('Invalid')
        ? `text that matches ${'pattern' in issue ? issue.pattern : issue.format}`
        : issue.message;
    default:
      return issue.message;
  }
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function remedy(issue: Issue, path: string, given: unknown, description: string | undefined): string {
  const about = description ? ` ${description}` : '';
  if (issue.code === 'invalid_value' && typeof given === 'string') {
    const meant = nearestName(given, issue.values.map(String));
    if (meant) return `Did you mean ${JSON.stringify(meant)}?`;
  }
  if (given === undefined) return `Set ${path || 'it'}.${about}`;
  if (issue.code === 'custom' && issue.message.includes('one of')) return `Give exactly that.${about}`;
  return `Correct ${path || 'it'}.${about}`;
}

/** The description of a field, from the schema. */
function describe(schema: StructuralSchema, path: readonly PropertyKey[]): string | undefined {
  let found: StructuralSchema | undefined = schema;
  for (const key of path) {
    found =
      typeof key === 'number'
        ? found?.items
        : (found?.properties?.[String(key)] ?? found?.additionalProperties);
  }
  return found?.description;
}
