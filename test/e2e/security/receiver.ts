import { nodeServer } from '../nodeServer.ts';
import { marker, place, receiver } from './place.ts';

/**
 * Runs in a pod. Whatever it is asked, it keeps and shows at /received without what it was proven who asks. Until it is
 * told to /deny it answers as a Prometheus whose value is 1; then it refuses, and shows the credentials in its refusal.
 */
export const program = `
let denying = false;
const received = [];
const server = require('node:http').createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => {
    const reply = (status, text) => response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    if (request.url === '/received') return reply(200, JSON.stringify(received));
    if (request.url === '/deny') { denying = true; return reply(200, '{}'); }
    if (request.method === 'POST' && !request.url.includes('/api/v1/')) { received.push(body); return reply(202, ''); }
    if (!request.url.includes('/api/v1/')) return reply(200, '{}');
    if (denying) return reply(401, 'bad credentials ' + request.headers.authorization);
    const result = [{ metric: {}, value: [Date.now() / 1000, '1'] }];
    reply(200, JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
});
server.listen(8080);
process.on('SIGTERM', () => process.exit(0));
`;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const secret = (name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: place.app },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});

/** The receiver, and a Secret of every use that there is. */
export function surroundings(image: string): object[] {
  return [
    secret('database', { password: `${marker}-1` }),
    secret('metrics', { username: 'perch', password: `${marker}-2` }),
    secret('teams', {
      address: `http://${receiver}.${place.app}/workflows/a/triggers/manual/paths/invoke?sig=${marker}-3`,
    }),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: place.app },
      data: { COLOUR: 'blue' },
    },
    ...nodeServer({ name: receiver, namespace: place.app, container: 'receiver', image, program }),
  ];
}
