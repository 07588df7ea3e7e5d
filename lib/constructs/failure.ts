import type { IConstruct } from 'constructs';
import { PerchError, type PerchErrorDetails } from '../api/errors.js';

/** A PerchError that names the construct it was found in. */
export function constructError(scope: IConstruct, details: Omit<PerchErrorDetails, 'path'>): PerchError {
  return new PerchError({ ...details, path: scope.node.path });
}

/** The error as a line of cdk8s's validation report, which puts the path before it. */
export function reportLine(error: PerchError): string {
  return `${error.message}\n    remedy: ${error.remedy} [${error.code}]`;
}
