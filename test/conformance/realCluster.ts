// The conformance suite of ports.Cluster on the API server that KUBECONFIG names. `npm run e2e` runs it; `npm test`
// does not.
import { randomUUID } from 'node:crypto';

import { connect } from '../../lib/kube/connect.js';
import { Namespaces } from '../clusterKinds.js';
import { clusterConformance } from './cluster.js';

clusterConformance('a real API server', async () => {
  const cluster = await connect({ version: 'conformance', kubeconfig: process.env.KUBECONFIG ?? '' });
  const namespace = `conformance-${randomUUID().slice(0, 8)}`;
  await cluster.create(Namespaces, { metadata: { name: namespace } });
  return {
    cluster,
    namespace,
    async eventually(condition, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      while (!(await condition())) {
        if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async dispose() {
      await cluster.delete(Namespaces, { namespace: '', name: namespace });
      await cluster.close();
    },
  };
});
