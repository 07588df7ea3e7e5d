import { defineKind, type KubeObject } from './kinds.js';

/*
 * The built-in Kubernetes objects that a release touches: only the fields perch reads or writes are named, every
 * other field of a live object is carried along untouched.
 */

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  [field: string]: unknown;
}

export interface Container {
  name: string;
  image?: string;
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  [field: string]: unknown;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastUpdateTime?: string;
  lastTransitionTime?: string;
}

/** What runs pods by a template. */
export interface Workload extends KubeObject {
  spec: {
    selector: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
    template: PodTemplate;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
  };
  status?: unknown;
}

export interface DaemonSet extends Workload {
  spec: Workload['spec'] & { updateStrategy?: { type?: string; rollingUpdate?: unknown } };
  status?: {
    observedGeneration?: number;
    desiredNumberScheduled?: number;
    currentNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberReady?: number;
    numberAvailable?: number;
    numberMisscheduled?: number;
  };
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number;
    selector: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
    template: PodTemplate;
    minReadySeconds?: number;
    progressDeadlineSeconds?: number;
    revisionHistoryLimit?: number;
    strategy?: unknown;
    paused?: boolean;
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface ServicePort {
  name?: string;
  port: number;
  targetPort?: number | string;
  nodePort?: number;
  protocol?: string;
  appProtocol?: string;
}

export interface Service extends KubeObject {
  spec: {
    type?: string;
    clusterIP?: string;
    selector?: Record<string, string>;
    ports?: ServicePort[];
    trafficDistribution?: string;
    [field: string]: unknown;
  };
}

export interface HorizontalPodAutoscaler extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind: string; name: string };
    minReplicas?: number;
    maxReplicas: number;
    metrics?: unknown[];
    behavior?: unknown;
  };
  status?: Record<string, unknown>;
}

export interface ScaledTrigger {
  name?: string;
  type: string;
  metadata: Record<string, string>;
  [field: string]: unknown;
}

/** Of KEDA. */
export interface ScaledObject extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind?: string; name: string; envSourceContainerName?: string };
    minReplicaCount?: number;
    maxReplicaCount?: number;
    triggers?: ScaledTrigger[];
    advanced?: {
      horizontalPodAutoscalerConfig?: { name?: string; behavior?: unknown };
      [field: string]: unknown;
    };
    [field: string]: unknown;
  };
  status?: Record<string, unknown>;
}

export interface IngressBackend {
  service?: { name: string; port?: { number?: number; name?: string } };
  resource?: unknown;
}

export interface Ingress extends KubeObject {
  spec: {
    ingressClassName?: string;
    defaultBackend?: IngressBackend;
    tls?: unknown[];
    rules?: {
      host?: string;
      http?: { paths: { path?: string; pathType?: string; backend: IngressBackend }[] };
    }[];
  };
  status?: Record<string, unknown>;
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

export interface Secret extends KubeObject {
  type?: string;
  /** Values in base64. */
  data?: Record<string, string>;
}

export interface Event extends KubeObject {
  involvedObject: Record<string, unknown>;
  reason: string;
  message: string;
  type: 'Normal' | 'Warning';
  source?: { component: string };
  firstTimestamp?: string;
  lastTimestamp?: string;
  count?: number;
}

export interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string | null;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

export const Deployments = defineKind<Deployment>('apps', 'v1', 'Deployment', 'deployments');
export const DaemonSets = defineKind<DaemonSet>('apps', 'v1', 'DaemonSet', 'daemonsets');
export const ScaledObjects = defineKind<ScaledObject>('keda.sh', 'v1alpha1', 'ScaledObject', 'scaledobjects');
export const Services = defineKind<Service>('', 'v1', 'Service', 'services');
export const HorizontalPodAutoscalers = defineKind<HorizontalPodAutoscaler>(
  'autoscaling',
  'v2',
  'HorizontalPodAutoscaler',
  'horizontalpodautoscalers',
);
export const Ingresses = defineKind<Ingress>('networking.k8s.io', 'v1', 'Ingress', 'ingresses');
export const ConfigMaps = defineKind<ConfigMap>('', 'v1', 'ConfigMap', 'configmaps');
export const Secrets = defineKind<Secret>('', 'v1', 'Secret', 'secrets');
export const Events = defineKind<Event>('', 'v1', 'Event', 'events');
export const Leases = defineKind<Lease>('coordination.k8s.io', 'v1', 'Lease', 'leases');
