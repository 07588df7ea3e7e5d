import { ConfigMaps, Secrets } from '../../../lib/api/workloads.js';
import { createLoadTesterToken } from '../../../lib/engine/hooks/loadTesterToken.js';
import { admitByToken } from '../../../lib/loadtester/admission.js';
import { ApiError } from '../../../lib/ports/cluster.js';
import { SeededRandom } from '../../../lib/sim/random.js';
import { MemoryCluster } from '../memoryCluster.js';
import { settle, VirtualClock } from '../virtualClock.js';

const secret = { namespace: 'perch-system', name: 'token' };
const digest = { namespace: 'test', name: 'token' };
const url = 'http://perch-loadtester.perch-system/';

function bed(seed = 1) {
  const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
  const lines: string[] = [];
  const log = { log: (_level: string, message: string) => void lines.push(message) };
  const controller = (at = seed) =>
    createLoadTesterToken({ url, secret, digest }, { cluster, random: new SeededRandom(at), clock, log });
  const admit = async (authorization: string) => {
    const { data } = await cluster.get(ConfigMaps, digest);
    return admitByToken(() => data?.sha256 ?? '')(authorization);
  };
  const prepare = async () => {
    await cluster.create(Secrets, { metadata: secret });
    await cluster.create(ConfigMaps, { metadata: digest });
  };
  return { cluster, clock, lines, controller, admit, prepare };
}
const always = new AbortController().signal;

describe("the load tester's token", () => {
  it('is made in the empty Secret, and opens the load tester, which is told its digest', async () => {
    const { cluster, controller, admit, prepare } = bed();
    await prepare();
    const credentials = controller();
    await credentials.prepare(always);
    const { Authorization } = await credentials.headersFor(`${url}gate/check`);
    expect(await admit(Authorization!)).toBeUndefined();
    const told = JSON.stringify(await cluster.get(ConfigMaps, digest));
    expect(told).not.toContain(Authorization!.slice(7));
  });

  it('is the same for the next controller, and one that somebody chose is kept', async () => {
    const { cluster, controller, admit, prepare } = bed();
    await prepare();
    const [first, second] = [await controller(1).headersFor(url), await controller(2).headersFor(url)];
    expect(second).toEqual(first);
    const own = await cluster.get(Secrets, secret);
    await cluster.update(Secrets, { ...own, data: { token: Buffer.from('chosen').toString('base64') } });
    expect(await controller(3).headersFor(url)).toEqual({ Authorization: 'Bearer chosen' });
    expect(await admit('Bearer chosen')).toBeUndefined();
  });

  it.each([
    [url, true],
    [`${url}gate/check`, true],
    ['http://perch-loadtester.perch-system:80/', true],
    ['http://perch-loadtester.perch-system.svc/', true],
    ['http://perch-loadtester.perch-system.svc.cluster.local/', true],
    ['https://perch-loadtester.perch-system/', false],
    ['http://perch-loadtester.perch-system:8080/', false],
    ['http://perch-loadtester.elsewhere/', false],
    ['http://perch-loadtester.perch-system.evil.example.com/', false],
    ['http://perch-loadtester.perch-system@evil.example.com/', false],
    ['nonsense', false],
  ])('goes along to %s: %p', async (target, sent) => {
    const { controller, prepare } = bed();
    await prepare();
    expect('Authorization' in (await controller().headersFor(target))).toBe(sent);
  });

  it('is read anew when it was not believed', async () => {
    const { cluster, controller, admit, prepare } = bed();
    await prepare();
    const credentials = controller();
    const old = await credentials.headersFor(url);
    await cluster.update(Secrets, { ...(await cluster.get(Secrets, secret)), data: {} });
    expect(await credentials.headersFor(url)).toEqual(old);
    credentials.refused();
    const { Authorization } = await credentials.headersFor(url);
    expect(Authorization).not.toBe(old.Authorization);
    expect(await admit(Authorization!)).toBeUndefined();
  });

  it('is tried for until its Secret is there, and its absence is told', async () => {
    const { clock, lines, controller, prepare } = bed();
    const credentials = controller();
    const done = credentials.prepare(always);
    await settle();
    expect(lines[0]).toContain('without its token');
    expect(await credentials.headersFor(url)).toEqual({});
    await prepare();
    await clock.advance(5_000);
    await done;
    expect(await credentials.headersFor(url)).toHaveProperty('Authorization');
  });

  it('of two controllers that make one at once, one wins', async () => {
    const { cluster, controller, admit, prepare } = bed();
    await prepare();
    let refusals = 0;
    const [one, other] = [controller(1), controller(2)];
    cluster.refuse = ({ verb, kind }) =>
      verb === 'update' && kind === 'Secret' && refusals++ === 0
        ? new ApiError(409, 'Conflict', '')
        : undefined;
    await Promise.all([one.headersFor(url), other.headersFor(url)]);
    const headers = [await one.headersFor(url), await other.headersFor(url)];
    expect(headers[0]).toEqual(headers[1]);
    expect(await admit(headers[0]!.Authorization!)).toBeUndefined();
  });
});
