import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { PerchError } from '../../api/errors.js';
import { validateManifest } from '../../api/validation.js';
import { reportLine } from '../failure.js';

/**
 * Checks every flagger.app object of the scope when the program is synthesised, patches by the user included, so that
 * what the API server would refuse never gets there.
 */
export function validateAtSynth(scope: Construct): void {
  const objects = () =>
    scope.node.findAll().filter((child) => ApiObject.isApiObject(child) && child.apiGroup === 'flagger.app');
  scope.node.addValidation({
    validate: () => objects().flatMap((object) => findProblems(object as ApiObject)),
  });
}

function findProblems(object: ApiObject): string[] {
  try {
    validateManifest(object.toJson());
    return [];
  } catch (error) {
    if (error instanceof PerchError)
      return [`${object.kind} ${object.name}: ${error.path ?? ''} ${reportLine(error)}`];
    throw error;
  }
}
