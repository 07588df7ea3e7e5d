import { createServer } from 'node:http';
import { listen } from './gate.js';

/** A part of its address, kept in a Secret: must be seen nowhere else. */
export { secretWord } from '../explore/stack.js';

/** Where alerts go, in Slack's words. */
export interface AlertTarget {
  readonly url: string;
  /** Texts of the alerts that arrived about a canary, in order. */
  about(canary: string): readonly string[];
  close(): Promise<void>;
}

interface SlackMessage {
  readonly attachments?: readonly { readonly author_name?: string; readonly text?: string }[];
}

/** Listens at `host`, an address of this machine; on loopback if none is given. */
export async function startAlertTarget(host?: string): Promise<AlertTarget> {
  const arrived = new Map<string, string[]>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const { attachments = [] } = JSON.parse(body) as SlackMessage;
      const { author_name = '', text = '' } = attachments[0] ?? {};
      const [canary = ''] = author_name.split('.');
      arrived.set(canary, [...(arrived.get(canary) ?? []), text]);
      response.end('ok');
    });
  });
  const url = await listen(server, host);
  return {
    url,
    about: (canary) => arrived.get(canary) ?? [],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
