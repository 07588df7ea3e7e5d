import type { Kubectl } from '../kubectl.ts';
import { listening, nodeServer } from '../nodeServer.ts';
import { hostOf, place, routerAddress } from './place.ts';
import type { Story } from './story.ts';

/**
 * Runs in a pod: the users of every story, evenly, and the hooks of all: a path below /gate/ is refused until
 * /open/ is asked for with it.
 */
const program = `
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true });
for (const { url, host, rps, headers } of JSON.parse(process.env.VISITORS)) {
  const ask = () => http.get(url, { agent, headers: { ...headers, host } }, (answer) => answer.resume()).on('error', () => undefined);
  setInterval(ask, 1000 / rps);
}
const opened = new Set();
http.createServer((request, response) => {
  request.resume();
  const path = request.url.slice(1);
  if (path.startsWith('open/')) opened.add(path.slice(5));
  const passes = !path.startsWith('gate/') || opened.has(path);
  response.writeHead(passes ? 200 : 403).end('{}');
}).listen(8080);
process.on('SIGTERM', () => process.exit(0));
`;

/** `image` is any with node in it. */
export function audienceObjects(stories: readonly Story[], image: string): object[] {
  const visitors = stories.flatMap(({ name, visitors }) =>
    visitors.map(({ path, rps, headers = {} }) => ({
      url: `${routerAddress}${path}`,
      host: hostOf(name),
      rps,
      headers,
    })),
  );
  return nodeServer({
    name: place.audience,
    namespace: place.system,
    container: 'audience',
    image,
    program,
    also: { env: [{ name: 'VISITORS', value: JSON.stringify(visitors) }], ...listening },
  });
}

export async function openGate(kubectl: Kubectl, path: string): Promise<void> {
  await kubectl.service(place.system, place.audience, `/open/${path}`);
}
