import { defineKind, type KubeObject } from '../../api/kinds.js';

export interface KeptnMetric extends KubeObject {
  readonly status?: { readonly value?: string };
}

export interface Analysis extends KubeObject {
  readonly spec: {
    readonly analysisDefinition: { readonly name: string };
    readonly timeframe: { readonly recent: string };
    readonly args: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly state?: string; readonly pass?: boolean };
}

export const KeptnMetrics = defineKind<KeptnMetric>(
  'metrics.keptn.sh',
  'v1beta1',
  'KeptnMetric',
  'keptnmetrics',
);
export const Analyses = defineKind<Analysis>('metrics.keptn.sh', 'v1beta1', 'Analysis', 'analyses');
