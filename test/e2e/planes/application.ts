import { place } from './place.ts';

/** What is wrong with a release: every answer is a 500, or comes after a second and a half. */
export type Fault = 'errors' | 'slow';

/**
 * Every answer names its pod. Connections are never closed for being idle: else a proxy may send a request on one
 * that is just being closed, and would be blamed for it.
 */
const program = `
const { HOSTNAME: pod, FAULT: fault } = process.env;
let copies = 0;
const server = require('node:http').createServer((request, response) => {
  if (request.url === '/ready') return response.end('ready');
  if (request.url === '/copies') return response.end(String(copies));
  if (request.url === '/copied') copies += 1;
  const answer = () => response.writeHead(fault === 'errors' ? 500 : 200, { 'x-pod': pod }).end(pod);
  if (fault === 'slow') setTimeout(answer, 1500);
  else answer();
});
server.keepAliveTimeout = 0;
server.listen(8080);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

/** The user's Deployment and Service as they are before there is a canary; `image` is any with node in it. */
export function application(name: string, image: string): object[] {
  const labels = { app: name };
  const metadata = { name, namespace: place.apps, labels };
  const container = {
    name: 'app',
    image,
    command: ['node', '-e', program],
    env: [{ name: 'REVISION', value: '1' }],
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 1 },
    // proxies hear of a pod's end a moment after its beginning
    lifecycle: { preStop: { sleep: { seconds: 10 } } },
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        // proxies hear of a pod's beginning a moment after it, too
        minReadySeconds: 5,
        selector: { matchLabels: labels },
        strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels },
          spec: { containers: [container], terminationGracePeriodSeconds: 20 },
        },
      },
    },
  ];
}
