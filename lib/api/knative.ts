import { defineKind, type KubeObject } from './kinds.js';

/** One share of a Knative Service's traffic. */
export interface TrafficTarget {
  readonly latestRevision?: boolean;
  readonly revisionName?: string;
  readonly percent?: number;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface KnativeService extends KubeObject {
  spec?: {
    readonly traffic?: readonly TrafficTarget[];
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
  status?: {
    readonly observedGeneration?: number;
    readonly latestCreatedRevisionName?: string;
    readonly latestReadyRevisionName?: string;
    readonly traffic?: readonly TrafficTarget[];
  };
}

export interface KnativeRevision extends KubeObject {
  status?: { readonly conditions?: readonly Condition[] };
}

const group = 'serving.knative.dev';

export const KnativeServices = defineKind<KnativeService>(group, 'v1', 'Service', 'services');
export const KnativeRevisions = defineKind<KnativeRevision>(group, 'v1', 'Revision', 'revisions');

/** Flagger's annotation of a Knative Service: the revision that production is at. */
export const primaryRevisionAnnotation = 'flagger.app/primary-revision';
