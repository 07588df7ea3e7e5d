import type { Shape } from './shape.js';

/** CPU and memory of a container, as Kubernetes quantities (`100m`, `64Mi`). */
export interface Resources {
  /** What the scheduler reserves; an autoscaler's CPU percentage is a share of `requests.cpu`. */
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
  /** What the container may use at most. */
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
}

const quantities = { cpu: 'text', memory: 'text' } as const;
export const resourcesShape: Shape<Resources> = { requests: quantities, limits: quantities };

/** What every container of perch's own runs under: no root, no writable root, no privilege to gain. */
export const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
} as const;
