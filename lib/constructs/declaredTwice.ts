import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { constructError, reportLine } from './failure.js';

/** Constructs of perch's, by the root of their program. */
const declarers = new WeakMap<IConstruct, Set<IConstruct>>();

/**
 * At synth: an object that another construct of the program declares too, or a target that another canary releases, is refused. The
 * two would overwrite each other on a cluster.
 */
export function refuseTwice(construct: IConstruct): void {
  const { root } = construct.node;
  const known = declarers.get(root) ?? new Set();
  if (known.size === 0) root.node.addValidation({ validate: () => findTwice(root, known) });
  declarers.set(root, known.add(construct));
}

/** A line for each two constructs. */
function findTwice(root: IConstruct, known: ReadonlySet<IConstruct>): string[] {
  const first = new Map<string, IConstruct>();
  const shared = new Map<IConstruct, Map<IConstruct, string[]>>();
  for (const object of root.node.findAll().filter((child) => ApiObject.isApiObject(child))) {
    const owner = object.node.scopes.find((scope) => known.has(scope)) ?? object;
    for (const [claim, words] of claimsOf(object as ApiObject)) {
      const other = first.get(claim);
      if (!other) first.set(claim, owner);
      else if (known.has(owner) || known.has(other)) note(shared, other, owner, words);
    }
  }
  return [...shared].flatMap(([one, others]) =>
    [...others].map(([other, claims]) => reportLine(declaredTwice(one, other, claims))),
  );
}

function note(
  shared: Map<IConstruct, Map<IConstruct, string[]>>,
  one: IConstruct,
  other: IConstruct,
  words: string,
): void {
  const others = shared.get(one) ?? new Map<IConstruct, string[]>();
  shared.set(one, others.set(other, [...(others.get(other) ?? []), words]));
}

/** What nobody else may declare, each with words for it: the object and, of a Canary, its target. */
function claimsOf(object: ApiObject): [claim: string, words: string][] {
  // as it is written, patches included
  const { kind, metadata, spec } = object.toJson();
  const place = [metadata.namespace, metadata.name].filter(Boolean).join('/');
  const claims: [string, string][] = [[`${object.apiGroup} ${kind} ${place}`, `${kind} ${place}`]];
  if (object.apiGroup !== 'flagger.app' || kind !== 'Canary' || !spec?.targetRef) return claims;
  const target = `${spec.targetRef.kind} ${[metadata.namespace, spec.targetRef.name].filter(Boolean).join('/')}`;
  return [...claims, [`release of ${target}`, `a release of ${target}`]];
}

const most = 5;

function declaredTwice(one: IConstruct, other: IConstruct, claims: readonly string[]) {
  const more = claims.length > most ? ` and ${claims.length - most} more` : '';
  return constructError(other, {
    code: 'CONSTRUCT_DECLARED_TWICE',
    message: `expected each object from one construct, but ${one.node.path} and ${other.node.path} both declare ${claims.slice(0, most).join(', ')}${more}`,
    remedy:
      'drop one, or give it another name or namespace; what is for another cluster goes into an App of its own',
  });
}
