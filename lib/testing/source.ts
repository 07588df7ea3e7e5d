import type { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import { isRecord } from '../api/schema/json.js';
import { refuseValue } from './given.js';

/** What is released: a cdk8s App or Chart, the objects themselves, or YAML documents as a text. */
export type Source = App | Chart | readonly object[] | string;

const foundations: ReadonlySet<string | undefined> = new Set(['Namespace', 'CustomResourceDefinition']);

/** The objects that the source declares, as they would be applied: namespaces and CRDs first. */
export function objectsOf(source: Source): KubeObject[] {
  const objects = read(source);
  for (const object of objects) checkObject(object);
  if (objects.length === 0)
    throw new PerchError({
      code: 'TESTING_NOTHING_DECLARED',
      message: 'expected a source that declares objects, got one without any',
      remedy: 'give a cdk8s App or Chart with a CanaryApp in it, or the YAML of a Canary and its Deployment',
    });
  const isFoundation = ({ kind }: KubeObject) => foundations.has(kind);
  return [...objects.filter(isFoundation), ...objects.filter((object) => !isFoundation(object))];
}

function read(source: Source): KubeObject[] {
  if (typeof source === 'string') return parse(source);
  if (Array.isArray(source)) return source as KubeObject[];
  if (typeof source !== 'object' || source === null || !('charts' in source || 'toJson' in source))
    refuseValue('source', 'a cdk8s App or Chart, objects, or YAML as a text', source, 'give one of them');
  if ('toJson' in source) return plain(source.toJson());
  return plain((source as App).charts.flatMap((chart) => chart.toJson() as object[]));
}

function checkObject(object: unknown): void {
  const { apiVersion, kind, metadata } = (isRecord(object) ? object : {}) as Partial<KubeObject>;
  if (apiVersion && kind && metadata?.name) return;
  refuseValue(
    'source',
    'Kubernetes objects, each with apiVersion, kind and metadata.name',
    object,
    'a path is not read: give the text of the file, or the objects themselves',
  );
}

/** What constructs give may hold values that only JSON makes plain. */
function plain(objects: readonly object[]): KubeObject[] {
  return JSON.parse(JSON.stringify(objects)) as KubeObject[];
}

function parse(text: string): KubeObject[] {
  const documents = parseAllDocuments(text, { version: '1.1' });
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error)
    throw new PerchError({
      code: 'TESTING_YAML_UNREADABLE',
      message: `expected YAML documents, got a text that is none: ${error.message}`,
      remedy: 'put right what the message names',
      cause: error,
    });
  return documents.flatMap((document) => (document.contents === null ? [] : [document.toJS() as KubeObject]));
}
