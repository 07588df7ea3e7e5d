import { readFileSync } from 'node:fs';
import { Yaml } from 'cdk8s';
import type { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { constructError } from '../../failure.js';
import { defineClusterWide, type Manifest } from '../../manifest.js';

/** Adds the CRDs of files or URLs, each as its project wrote it; throws when one holds anything else. */
export function includeDefinitions(scope: Construct, sources: readonly string[]): void {
  for (const source of sources) {
    for (const document of read(scope, source)) {
      const { apiVersion, kind, metadata } = document ?? {};
      if (kind !== 'CustomResourceDefinition') {
        // Gateway API's file carries a policy for its own CRDs since v1.5
        if (kind?.startsWith('ValidatingAdmissionPolicy') && metadata?.name) {
          defineClusterWide(scope, `${kind}-${metadata.name}`, document);
          continue;
        }
        throw constructError(scope, {
          code: 'CONSTRUCT_DEFINITIONS',
          message: `definitions: expected CustomResourceDefinitions in ${source}, got ${apiVersion ?? 'no apiVersion'} ${kind ?? 'without a kind'}`,
          remedy: 'give the file of the CRDs alone, such as standard-install.yaml of Gateway API',
        });
      }
      defineClusterWide(scope, document.metadata.name, document);
    }
  }
}

function parseDocuments(file: string): unknown[] {
  const documents = parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1' });
  return documents.map((document) => document.toJS()).filter((document) => document !== null);
}

function read(scope: Construct, source: string): Manifest[] {
  try {
    const remote = /^https?:\/\//.test(source);
    return (remote ? Yaml.load(source) : parseDocuments(source)) as Manifest[];
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw constructError(scope, {
      code: 'CONSTRUCT_DEFINITIONS',
      message: `definitions: expected a file or URL with the CRDs, could not read ${source}: ${reason}`,
      remedy:
        'correct the path, which begins at the working directory, or apply the CRDs yourself and drop it',
    });
  }
}
