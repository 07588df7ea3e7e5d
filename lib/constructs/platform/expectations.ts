import { stderr } from 'node:process';
import type { Construct } from 'constructs';
import type { Routing } from './routing.js';

const said = new Set<string>();

/**
 * What the routings of a platform need and it does not bring is said on stderr when the program is synthesised: each
 * line once in a process, however often it synthesises.
 */
export function sayExpectations(scope: Construct, routings: readonly Routing[]): void {
  scope.node.addValidation({
    validate: () => {
      for (const { provider, expects } of routings) {
        for (const expectation of expects) {
          const line = `${scope.node.path}: provider ${provider} expects in the cluster: ${expectation}\n`;
          if (!said.has(line)) stderr.write(line);
          said.add(line);
        }
      }
      return [];
    },
  });
}
