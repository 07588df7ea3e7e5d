/** A program for Node that serves on port 8080 of a pod. */
export interface NodeServer {
  readonly name: string;
  readonly namespace: string;
  /** The container's. */
  readonly container: string;
  /** Any with node in it. */
  readonly image: string;
  readonly program: string;
  /** Added to the container. */
  readonly also?: object;
}

/** The program's Deployment, and a Service that leads to it on port 80. */
export function nodeServer({ name, namespace, container, image, program, also }: NodeServer): object[] {
  const labels = { app: name };
  const metadata = { name, namespace, labels };
  const containers = [{ name: container, image, command: ['node', '-e', program], ...also }];
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    },
  ];
}

/** Of a container whose pod is ready once the program listens. */
export const listening = { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } };
