type Fields = Record<string, unknown>;

/** What is particular about an object within a pod template; of a list it describes each element. */
export interface Shape {
  /** Scalars that the API server fills in, or a function that reckons one from the object's other fields. */
  readonly defaults?: Readonly<Record<string, unknown | ((fields: Fields) => unknown)>>;
  readonly fields?: Readonly<Record<string, Shape>>;
  /** Shape of fields that are not named above. */
  readonly otherwise?: Shape;
  /** `{}` is not the same as absent. */
  readonly meansSomethingEmpty?: boolean;
  /** Makes one of two spellings. */
  readonly rename?: (fields: Fields) => Fields;
}

/*
 * Defaults as of k8s.io/kubernetes pkg/apis/core/v1/defaults.go; false is the default of every flag that the API
 * server leaves out of what it stores.
 */

/** An empty label selector selects everything, an absent one nothing. */
const selecting: Shape = { meansSomethingEmpty: true };
const anything: Shape = {
  get fields() {
    return { labelSelector: selecting, namespaceSelector: selecting };
  },
  get otherwise() {
    return anything;
  },
};

const httpGet: Shape = { defaults: { scheme: 'HTTP', path: '/' }, otherwise: anything };
const handler: Shape = { fields: { httpGet }, otherwise: anything };
const probe: Shape = {
  defaults: {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    initialDelaySeconds: 0,
  },
  fields: { httpGet, grpc: { defaults: { service: '' } } },
  otherwise: anything,
};

const fieldRef: Shape = { defaults: { apiVersion: 'v1' } };
const resourceFieldRef: Shape = { defaults: { divisor: '0' } };
const fromFields: Shape = { fields: { fieldRef, resourceFieldRef }, otherwise: anything };

const container: Shape = {
  defaults: {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: ({ image }: Fields) => pullPolicyOf(typeof image === 'string' ? image : ''),
    stdin: false,
    stdinOnce: false,
    tty: false,
  },
  fields: {
    ports: { defaults: { protocol: 'TCP', hostPort: 0 } },
    env: { defaults: { value: '' }, fields: { valueFrom: fromFields } },
    volumeMounts: { defaults: { readOnly: false } },
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    lifecycle: { fields: { postStart: handler, preStop: handler } },
    securityContext: { defaults: { procMount: 'Default' }, otherwise: anything },
  },
  otherwise: anything,
};

const filesWithMode: Shape = {
  defaults: { defaultMode: 420 },
  fields: { items: fromFields },
  otherwise: anything,
};
const volume: Shape = {
  fields: {
    configMap: filesWithMode,
    secret: filesWithMode,
    downwardAPI: filesWithMode,
    hostPath: { defaults: { type: '' } },
    projected: {
      defaults: { defaultMode: 420 },
      fields: {
        sources: {
          fields: {
            serviceAccountToken: { defaults: { expirationSeconds: 3600 } },
            downwardAPI: { fields: { items: fromFields } },
          },
          otherwise: anything,
        },
      },
    },
    ephemeral: {
      fields: {
        volumeClaimTemplate: {
          fields: { spec: { defaults: { volumeMode: 'Filesystem' }, otherwise: anything } },
        },
      },
    },
  },
  otherwise: anything,
};

const podSpec: Shape = {
  defaults: {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
  },
  fields: {
    containers: container,
    initContainers: container,
    ephemeralContainers: container,
    volumes: volume,
    // by which a DaemonSet that is released is put to sleep
    nodeSelector: { rename: ({ 'flagger.app/scale-to-zero': _, ...labels }) => labels },
  },
  otherwise: anything,
  rename: ({ serviceAccount, ...fields }) => ({
    ...fields,
    serviceAccountName: fields.serviceAccountName || serviceAccount,
    ...(fields.hostNetwork === true ? { containers: withoutHostPorts(fields.containers) } : {}),
  }),
};

/** On the host's network Kubernetes before 1.28 writes each port down twice. */
function withoutHostPorts(containers: unknown): unknown {
  return (containers as Fields[]).map((item) => ({
    ...item,
    ports: (item.ports as Fields[] | undefined)?.map(({ hostPort, ...port }) =>
      hostPort === port.containerPort ? port : { ...port, hostPort },
    ),
  }));
}

/** Of a Service; ports say by default where they lead to, and clusters differ in what they add. */
export const serviceSpec: Shape = {
  defaults: {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    externalTrafficPolicy: 'Cluster',
    allocateLoadBalancerNodePorts: true,
    publishNotReadyAddresses: false,
  },
  fields: { ports: { defaults: { protocol: 'TCP', targetPort: ({ port }: Fields) => port } } },
  rename: ({ clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, healthCheckNodePort, ports, ...fields }) => ({
    ...fields,
    ...(clusterIP === 'None' ? { clusterIP } : {}),
    ports: (ports as Fields[] | undefined)?.map(({ nodePort: _, ...port }) => port),
  }),
};

export const podTemplate: Shape = { fields: { spec: podSpec } };

/** Without a tag, or with `latest`, the image is pulled each time; with a digest it need not be. */
function pullPolicyOf(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1);
  if (name.includes('@')) return 'IfNotPresent';
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}
