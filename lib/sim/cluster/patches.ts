import { copy, equal, isObject, type Json, type JsonObject } from './json.js';
import { badRequest } from './refusals.js';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

function pointer(path: string): string[] {
  if (path === '') return [];
  return path
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function missing({ op, path }: Operation): Error {
  return badRequest(
    `the server rejected our request due to an error in our request: ${op} operation does not apply: doc is missing path: ${path}`,
  );
}

/** The object or list that holds the last token of `path`. */
function parentOf(document: Json, path: readonly string[], operation: Operation): Json[] | JsonObject {
  let node: Json | undefined = document;
  for (const token of path.slice(0, -1))
    node = Array.isArray(node) ? node[Number(token)] : isObject(node) ? node[token] : undefined;
  if (Array.isArray(node) || isObject(node)) return node;
  throw missing(operation);
}

function valueAt(document: Json, path: string, operation: Operation): Json {
  const tokens = pointer(path);
  if (tokens.length === 0) return document;
  const parent = parentOf(document, tokens, operation);
  const last = tokens.at(-1)!;
  const value = Array.isArray(parent) ? parent[Number(last)] : parent[last];
  if (value === undefined) throw missing(operation);
  return value;
}

function add(document: Json, path: string, value: Json, operation: Operation): Json {
  const tokens = pointer(path);
  if (tokens.length === 0) return copy(value);
  const parent = parentOf(document, tokens, operation);
  const last = tokens.at(-1)!;
  if (!Array.isArray(parent)) parent[last] = copy(value);
  else if (last === '-') parent.push(copy(value));
  else parent.splice(Number(last), 0, copy(value));
  return document;
}

function remove(document: Json, path: string, operation: Operation): Json {
  valueAt(document, path, operation);
  const tokens = pointer(path);
  const parent = parentOf(document, tokens, operation);
  if (Array.isArray(parent)) parent.splice(Number(tokens.at(-1)), 1);
  else delete parent[tokens.at(-1)!];
  return document;
}

const operations: Readonly<Record<string, (document: Json, operation: Operation) => Json>> = {
  add: (document, operation) => add(document, operation.path, operation.value ?? null, operation),
  remove: (document, operation) => remove(document, operation.path, operation),
  replace: (document, operation) =>
    add(remove(document, operation.path, operation), operation.path, operation.value ?? null, operation),
  copy: (document, operation) =>
    add(document, operation.path, valueAt(document, operation.from ?? '', operation), operation),
  move: (document, operation) => {
    const value = copy(valueAt(document, operation.from ?? '', operation));
    return add(remove(document, operation.from ?? '', operation), operation.path, value, operation);
  },
  test: (document, operation) => {
    if (equal(valueAt(document, operation.path, operation), operation.value)) return document;
    throw badRequest(
      `the server rejected our request due to an error in our request: testing value ${operation.path} failed: test failed`,
    );
  },
};

/** JSON Patch (RFC 6902). Throws 400 when an operation does not apply. */
export function jsonPatch(target: Json, patch: readonly Operation[]): Json {
  return patch.reduce((document, operation) => {
    const perform = operations[operation.op];
    if (!perform) throw badRequest(`Unexpected kind: ${operation.op}`);
    return perform(document, operation);
  }, copy(target));
}
