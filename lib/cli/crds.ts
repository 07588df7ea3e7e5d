import { Command } from 'commander';
import { flaggerCrds } from '../api/crds.js';
import { yamlDocuments } from './documents.js';

/** `perch crds`: the CRDs as YAML documents, for `kubectl apply --server-side -f -`. */
export function crdsCommand(): Command {
  return new Command('crds')
    .description('print the CustomResourceDefinitions of Canary, MetricTemplate and AlertProvider')
    .addHelpText('after', '\nExample:\n  perch crds | kubectl apply --server-side -f -')
    .action(() => {
      process.stdout.write(yamlDocuments(flaggerCrds()));
    });
}
