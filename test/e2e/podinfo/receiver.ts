import type { Kubectl } from '../kubectl.ts';
import { listening, nodeServer } from '../nodeServer.ts';
import { place } from './place.ts';

export const receiver = 'teams-receiver';
/** A Workflows URL that nobody but the proxy can resolve, so that a card that arrives went through it. */
export const webhookUrl = 'http://teams.invalid/workflows/e2e/triggers/manual/paths/invoke?sig=a-secret';
export const proxyUrl = `http://${receiver}.${place.system}:80`;

/** Runs in a pod: an HTTP proxy and Teams in one, that keeps what is posted and shows it at /posts. */
const program = `
const posts = [];
const server = require('node:http').createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => {
    if (request.method === 'POST') posts.push({ url: request.url, host: request.headers.host, body });
    response.writeHead(request.method === 'POST' ? 202 : 200, { 'content-type': 'application/json' });
    response.end(request.method === 'POST' ? '' : JSON.stringify(posts));
  });
});
server.on('connect', (request, socket) => {
  socket.write('HTTP/1.1 200 Connection established\\r\\n\\r\\n');
  server.emit('connection', socket);
});
server.listen(8080);
process.on('SIGTERM', () => process.exit(0));
`;

/** The receiver's objects; `image` is any with node in it. */
export function receiverObjects(image: string): object[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'teams-webhook', namespace: place.system },
      stringData: { address: webhookUrl },
    },
    ...nodeServer({
      name: receiver,
      namespace: place.system,
      container: 'receiver',
      image,
      program,
      also: listening,
    }),
  ];
}

interface AdaptiveCardPost {
  type: string;
  attachments: { contentType: string; content: unknown }[];
}

/** Every text of every card that arrived, card by card. */
export async function receivedCards(kubectl: Kubectl): Promise<{ host: string; texts: string[] }[]> {
  const posts = JSON.parse(await kubectl.service(place.system, receiver, '/posts')) as {
    host: string;
    body: string;
  }[];
  return posts.map(({ host, body }) => {
    const { type, attachments } = JSON.parse(body) as AdaptiveCardPost;
    const [card] = attachments;
    if (type !== 'message' || card?.contentType !== 'application/vnd.microsoft.card.adaptive') {
      throw new Error(`expected an Adaptive Card, got ${body}`);
    }
    return { host, texts: textsOf(card.content) };
  });
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}
