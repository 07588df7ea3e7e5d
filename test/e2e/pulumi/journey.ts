import { type Ground, type Journey, takeAll } from '../ground.ts';
import { clearGround, removeNamespaces } from '../removal.ts';
import { namespaces } from './place.ts';
import { createTools, type Tools, whatIsMissing } from './tools.ts';
import { updateSteps } from './updates.ts';

/** A real `pulumi up`, from the empty cluster to the empty cluster. */
export function pulumiJourney(ground: Ground): Journey {
  const { kubectl, keep, report } = ground;
  const remove = async () => {
    for (const part of ['pulumi-system-prometheus', 'pulumi-router-ingress-nginx'])
      await kubectl(['delete', 'clusterrole,clusterrolebinding', part, '--ignore-not-found']);
    await kubectl(['delete', 'ingressclass', 'pulumi', '--ignore-not-found']);
    await removeNamespaces(kubectl, namespaces);
  };
  return {
    prepare: () => clearGround(ground, namespaces, remove),
    async travel() {
      const missing = await whatIsMissing(ground);
      if (missing) return console.log(`skipped: ${missing}`);
      let tools: Tools | undefined;
      await report.step('Pulumi, its language host and its provider are there', async () => {
        tools = await createTools(ground);
      });
      if (!tools) return;
      try {
        await takeAll(ground, updateSteps(ground, tools.pulumi));
      } finally {
        if (!keep) await report.step('what Pulumi may have left is removed', remove);
        await tools.remove();
      }
    },
  };
}
