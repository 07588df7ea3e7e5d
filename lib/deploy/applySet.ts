import { createHash } from 'node:crypto';
import { PerchError } from '../api/errors.js';
import type { Kind, KubeObject } from '../api/kinds.js';
import { ConfigMaps } from '../api/workloads.js';
import { type Cluster, unlessMissing } from '../ports/cluster.js';
import type { Item } from './manifest.js';

/*
 * ApplySet (Kubernetes enhancement 3659): a parent object says which kinds in which namespaces a deployment has
 * objects of, and each of them carries the parent's id. So what a program no longer names can be found, and nothing
 * else.
 */
const prefix = 'applyset.kubernetes.io/';
export const memberLabel = `${prefix}part-of`;
const idLabel = `${prefix}id`;
const toolingAnnotation = `${prefix}tooling`;
const kindsAnnotation = `${prefix}contains-group-kinds`;
const namespacesAnnotation = `${prefix}additional-namespaces`;
const programAnnotation = 'perch.dev/program';

/** What one program deploys under one name. */
export interface Application {
  /** DNS label. */
  readonly name: string;
  /** Where its parent object is. */
  readonly namespace: string;
  /** Tells one program from another; the same on every machine. */
  readonly program: string;
  /** Version of perch. */
  readonly version: string;
}

/** Where members may be. */
export interface Extent {
  /** `Deployment.apps`, `Service`. */
  readonly kinds: readonly string[];
  readonly namespaces: readonly string[];
}

export function applySetId({ name, namespace }: Application): string {
  const digest = createHash('sha256')
    .update(`${parentName(name)}.${namespace}.ConfigMap.`)
    .digest('base64url');
  return `applyset-${digest}-v1`;
}

/** Kinds whose objects hold other objects: these may be shared by applications, and are never pruned. */
export function isShared({ kind }: Kind): boolean {
  return kind === 'Namespace' || kind === 'CustomResourceDefinition';
}

/** The objects as they are applied: with the label of their application. */
export function asMember(item: Item, application: Application): Item {
  if (isShared(item.kind)) return item;
  const { metadata } = item.object;
  const labels = { ...metadata.labels, [memberLabel]: applySetId(application) };
  return { ...item, object: { ...item.object, metadata: { ...metadata, labels } } };
}

export function extentOf(items: readonly Item[]): Extent {
  const members = items.filter(({ kind }) => !isShared(kind));
  return {
    kinds: unique(members.map(({ kind }) => groupKind(kind))),
    namespaces: unique(members.map(({ object }) => object.metadata.namespace ?? '')).filter(Boolean),
  };
}

export function union(a: Extent, b: Extent): Extent {
  return {
    kinds: unique([...a.kinds, ...b.kinds]),
    namespaces: unique([...a.namespaces, ...b.namespaces]),
  };
}

/** `Deployment.apps` as kind and group. */
export function splitGroupKind(text: string): [kind: string, group: string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** The parent object, saying that there may be members in `extent`. */
export function parentObject(application: Application, extent: Extent): KubeObject {
  const others = extent.namespaces.filter((namespace) => namespace !== application.namespace);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: parentName(application.name),
      namespace: application.namespace,
      labels: { [idLabel]: applySetId(application), 'app.kubernetes.io/managed-by': 'perch' },
      annotations: {
        [toolingAnnotation]: `perch/v${application.version}`,
        [kindsAnnotation]: extent.kinds.join(','),
        [namespacesAnnotation]: others.join(','),
        [programAnnotation]: application.program,
      },
    },
  };
}

/**
 * Where an earlier deployment of the application left objects; undefined when there was none. Throws
 * DEPLOY_APP_CLAIMED when another program, or another tool, deploys under this name.
 */
export async function readExtent(
  cluster: Pick<Cluster, 'get'>,
  application: Application,
  takeOver: boolean,
): Promise<Extent | undefined> {
  const { name, namespace, program } = application;
  const parent = await unlessMissing(cluster.get(ConfigMaps, { namespace, name: parentName(name) }));
  if (!parent) return undefined;
  const annotations = parent.metadata.annotations ?? {};
  const owner = annotations[programAnnotation] ?? annotations[toolingAnnotation] ?? 'somebody else';
  if (owner !== program && !takeOver) throw claimed(application, owner);
  return {
    kinds: words(annotations[kindsAnnotation]),
    namespaces: unique([namespace, ...words(annotations[namespacesAnnotation])]),
  };
}

function claimed({ name, namespace, program }: Application, owner: string): PerchError {
  return new PerchError({
    code: 'DEPLOY_APP_CLAIMED',
    message: `expected application '${name}' in namespace ${namespace} to be of ${program}, found that ${owner} deploys it`,
    remedy: 'give this program another name with --name, or, if it was moved or renamed, say --take-over',
    path: `ConfigMap ${namespace}/${parentName(name)}`,
  });
}

function parentName(name: string): string {
  return `perch-${name}`;
}

function groupKind({ group, kind }: Kind): string {
  return group ? `${kind}.${group}` : kind;
}

function words(text = ''): string[] {
  return text.split(',').filter(Boolean);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
