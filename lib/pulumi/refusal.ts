import * as pulumi from '@pulumi/pulumi';
import { PerchError } from '../api/errors.js';
import { describeTokens } from './tokens.js';

/** What an action makes; its refusals are told without a stack, since they say where they are. */
export function telling<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof PerchError ? new pulumi.RunError(tellOf(error)) : error;
  }
}

/** The error in words; where an Output stands in the way of a check, this is what is wrong. */
function tellOf(error: PerchError): string {
  const message = describeTokens(error.message, 'an Output, whose value is not known yet');
  if (message === undefined) return error.toString();
  const { code, path, cause } = error;
  const remedy =
    'give the value itself (of a setting: config.requireNumber, config.requireBoolean), or make the component where it is known: value.apply((value) => new CanaryApp(…)). Numbers and switches are checked against each other while the program runs, only texts may be Outputs';
  return new PerchError({ code, path, cause, message, remedy }).toString();
}
