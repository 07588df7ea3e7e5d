import { parseAllDocuments } from 'yaml';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';

/** The Kubernetes objects of a text of YAML documents; Lists give their items. `source` is named in errors. */
export function parseObjects(text: string, source: string): KubeObject[] {
  // cdk8s and kubectl write YAML 1.1.
  const documents = parseAllDocuments(text, { version: '1.1' });
  return documents.flatMap((document) => {
    const [problem] = document.errors;
    if (problem) {
      throw new PerchError({
        code: 'SYNTH_YAML',
        message: `expected YAML documents, got ${problem.message.split('\n')[0]}`,
        remedy: 'put the text right at that place',
        path: source,
      });
    }
    return document.contents === null ? [] : flatten(plain(document, source), source);
  });
}

/** Aliases are resolved here, and only so many: a few lines of them can stand for gigabytes. */
function plain(document: { toJS(): unknown }, source: string): unknown {
  try {
    const value = document.toJS();
    // throws when an alias stands within what it stands for
    JSON.stringify(value);
    return value;
  } catch (cause) {
    throw new PerchError({
      code: 'SYNTH_YAML',
      message: `expected YAML whose aliases can be resolved, got ${cause instanceof Error ? cause.message : cause}`,
      remedy: 'write out what the aliases stand for',
      path: source,
      cause,
    });
  }
}

function flatten(value: unknown, source: string): KubeObject[] {
  const { kind, apiVersion, metadata, items } = (value ?? {}) as Partial<KubeObject> & { items?: unknown };
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item) => flatten(item, source));
  }
  if (typeof kind === 'string' && typeof apiVersion === 'string' && typeof metadata?.name === 'string') {
    return [value as KubeObject];
  }
  throw new PerchError({
    code: 'SYNTH_NOT_AN_OBJECT',
    message: `expected a Kubernetes object with apiVersion, kind and metadata.name, got ${JSON.stringify(value)?.slice(0, 80)}`,
    remedy: 'leave out what is no manifest; names are given, never generated',
    path: source,
  });
}
