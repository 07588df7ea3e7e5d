import type { ApiObject } from 'cdk8s';
import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubeObject } from '../../api/kinds.js';
import { difference, type PatchLine } from './difference.js';
import { Call, type Expression, evaluate, Name, type Scope } from './expression.js';
import { patchExpression } from './patch.js';
import { vocabulary } from './vocabulary.js';

/** By the construct's property: what has to be patched there for the object to be the wanted one. */
export type Patches = Readonly<Record<string, readonly PatchLine[]>>;

export const library: Scope = { ...vocabulary.cdk8s, ...vocabulary.perch };

/**
 * Makes the construct, as the program will, and compares its objects with those wanted. A text says why it cannot be
 * made: what Flagger takes may be what a construct refuses.
 */
export function tryConstruct(
  construct: string,
  id: string,
  props: Readonly<Record<string, Expression>>,
  parts: Readonly<Record<string, KubeObject>>,
  platform: Call,
): Patches | string {
  const scope = { ...library, chart: new Chart(new App(), 'trial') };
  const place = new Name('chart');
  try {
    const made = evaluate(new Call(`new ${construct}`, [place, id, props]), {
      ...scope,
      platform: evaluate(platform, scope),
    }) as Construct & Record<string, ApiObject>;
    const patches = Object.fromEntries(
      Object.entries(parts).map(([part, wanted]) => [part, difference(made[part]!.toJson(), wanted)]),
    );
    for (const [part, lines] of Object.entries(patches)) apply(made[part]!, lines);
    const problems = made.node.findAll().flatMap((child) => child.node.validate());
    // Templates that the program declares elsewhere are not part of this trial.
    const [problem] = problems.filter((text) => !text.includes('CONSTRUCT_TEMPLATE_MISSING'));
    return problem === undefined ? patches : firstLine(problem);
  } catch (error) {
    if (error instanceof Error) return firstLine(error.message);
    throw error;
  }
}

function apply(object: ApiObject, lines: readonly PatchLine[]): void {
  for (const line of lines) {
    object.addJsonPatch(
      evaluate(patchExpression(line), library) as ReturnType<typeof vocabulary.cdk8s.JsonPatch.add>,
    );
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.trim();
}
