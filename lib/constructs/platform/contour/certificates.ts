import type { Construct } from 'constructs';
import { defineIdentity } from '../../identity.js';
import { define } from '../../manifest.js';
import { restricted } from '../../resources.js';
import type { FullContourProps } from './props.js';
import { certificateRules } from './roles.js';

const name = 'contour-certgen';

/**
 * The job that makes the certificates by which Envoy and Contour know each other, as Contour's own manifests have it.
 * Its name carries the image's tag: a job cannot be changed, and a new version makes new certificates.
 */
export function defineCertificates(scope: Construct, { namespace, image }: FullContourProps): void {
  defineIdentity(scope, { name, namespace, namespaceRules: { [namespace]: certificateRules } });
  const version = (/:([^:/@]+)(@|$)/.exec(image)?.[1] ?? 'latest').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  define(scope, 'job', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${name}-${version}`, namespace },
    spec: {
      backoffLimit: 3,
      template: {
        spec: {
          serviceAccountName: name,
          restartPolicy: 'Never',
          containers: [
            {
              name: 'certgen',
              image,
              imagePullPolicy: 'IfNotPresent',
              command: ['contour', 'certgen'],
              args: [
                '--kube',
                '--incluster',
                '--overwrite',
                '--secrets-format=compact',
                `--namespace=${namespace}`,
              ],
              securityContext: { ...restricted, runAsUser: 65534, runAsGroup: 65534 },
            },
          ],
        },
      },
    },
  });
}
