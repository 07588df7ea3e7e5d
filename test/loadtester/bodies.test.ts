import { connect, type Socket } from 'node:net';
import { type Admission, admitAnybody, admitByToken } from '../../lib/loadtester/admission.js';
import { BODY_LIMIT_BYTES } from '../../lib/loadtester/body.js';
import { createLoadTester, type LoadTester } from '../../lib/loadtester/server.js';
import { manualClock, recordLog } from './world.js';

const testers: LoadTester[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  return Promise.all(testers.splice(0).map((tester) => tester.close()));
});

async function serve(admit: Admission = admitAnybody): Promise<number> {
  const tester = createLoadTester({ timeoutMs: 1000, admit }, { log: recordLog(), clock: manualClock() });
  testers.push(tester);
  return tester.listen(0);
}
const strangersOut = () => serve(admitByToken(() => 'a'.repeat(64)));

/** Sends the text over a connection of its own, and takes what comes until the load tester ends it. */
function exchange(port: number, ...texts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      // one byte a character
      for (const text of texts) socket.write(text, 'latin1');
    });
    sockets.push(socket);
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('end', () => resolve(answer));
    // what was still being sent is cut off, which is no news after the answer
    socket.on('error', (error) => (answer ? resolve(answer) : reject(error)));
  });
}
const head = (path: string, length: number, more = '') =>
  `POST ${path} HTTP/1.1\r\nHost: loadtester\r\nContent-Length: ${length}\r\n${more}\r\n`;
const payload = (bytes: number) => {
  const [front, back] = ['{"name":"podinfo","namespace":"test","metadata":{"x":"', '"}}'];
  return front + 'x'.repeat(bytes - front.length - back.length) + back;
};

describe('a request without the token', () => {
  test('is answered before any of its body is there, and its connection ends', async () => {
    const answer = await exchange(await strangersOut(), head('/', 1024 * 1024));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
  });

  test('is answered although its body goes on without end', async () => {
    const answer = await exchange(await strangersOut(), head('/', 1e12), 'x'.repeat(4096));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('gets no further by asking for health or metrics with a body', async () => {
    const port = await strangersOut();
    for (const path of ['/healthz', '/metrics']) {
      const answer = await exchange(port, head(path, 1024 * 1024));
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toMatch(/\r\nConnection: close\r\n/);
    }
  });
});

describe('a request that is let in', () => {
  const post = async (body: string) => {
    const response = await fetch(`http://127.0.0.1:${await serve()}/gate/check`, { method: 'POST', body });
    return { status: response.status, body: await response.text() };
  };

  test('may have a body of the limit', async () => {
    expect(await post(payload(BODY_LIMIT_BYTES))).toEqual({ status: 403, body: 'Forbidden' });
  });

  test('is told the limit when its body is a byte above it', async () => {
    expect(await post(payload(BODY_LIMIT_BYTES + 1))).toEqual({
      status: 413,
      body: expect.stringContaining(`at most ${BODY_LIMIT_BYTES} bytes`),
    });
  });

  test('is read as it was sent, byte by byte, and its connection kept for the next', async () => {
    const bytes = [...Buffer.from('{"name":"Grüße","namespace":"test"}')];
    const pieces = bytes.map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join('');
    const head = 'HTTP/1.1\r\nHost: loadtester\r\nTransfer-Encoding: chunked\r\n';
    const answer = await exchange(
      await serve(),
      `POST /gate/open ${head}\r\n${pieces}0\r\n\r\nPOST /gate/check ${head}Connection: close\r\n\r\n${pieces}0\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 200']);
  });
});
