import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';

/** An object, and where it stands: `app.yaml:12`. */
export interface Placed {
  readonly object: KubeObject;
  readonly place: string;
}

/** The Kubernetes objects of a text of YAML documents; Lists give their items. `source` is named in errors. */
export function parseObjects(text: string, source: string): KubeObject[] {
  return parsePlaced(text, source).map(({ object }) => object);
}

/** As parseObjects, each with the line that its document begins at. */
export function parsePlaced(text: string, source: string): Placed[] {
  const lineCounter = new LineCounter();
  // cdk8s and kubectl write YAML 1.1.
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter });
  return documents.flatMap((document) => {
    const [problem] = document.errors;
    if (problem) {
      throw new PerchError({
        code: 'SYNTH_YAML',
        message: `expected YAML documents, got ${firstLine(problem)}`,
        remedy: 'put the text right at that place',
        path: source,
      });
    }
    const value = plain(document, source);
    // Comments alone, as a template leaves them that renders to nothing.
    if (value === null) return [];
    const { line } = lineCounter.linePos(document.contents?.range[0] ?? 0);
    return flatten(value, `${source}:${line}`);
  });
}

/** Of an error of YAML: the lines below it show the place once more. */
export function firstLine({ message }: Error): string {
  return (message.split('\n')[0] ?? '').replace(/:$/, '');
}

/** Aliases are resolved here, and only so many: a few lines of them can stand for gigabytes. */
function plain(document: Pick<Document, 'toJS'>, source: string): unknown {
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

function flatten(value: unknown, place: string): Placed[] {
  const { kind, apiVersion, metadata, items } = (value ?? {}) as Partial<KubeObject> & { items?: unknown };
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item, at) => flatten(item, `${place} items[${at}]`));
  }
  if (typeof kind === 'string' && typeof apiVersion === 'string' && typeof metadata?.name === 'string') {
    return [{ object: value as KubeObject, place }];
  }
  throw new PerchError({
    code: 'SYNTH_NOT_AN_OBJECT',
    message: `expected a Kubernetes object with apiVersion, kind and metadata.name, got ${JSON.stringify(value)?.slice(0, 80)}`,
    remedy: 'leave out what is no manifest; names are given, never generated',
    path: place,
  });
}
