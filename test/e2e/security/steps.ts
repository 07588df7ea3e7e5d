import { join } from 'node:path';
import { tracesOf } from '../../secretTraces.ts';
import { endingOf, runProgram } from '../command.ts';
import type { Ground, Steps } from '../ground.ts';
import { expectEqual, until } from '../wait.ts';
import { controller, loadTester, marker, place, receiver } from './place.ts';
import { surroundings } from './receiver.ts';
import { compareRights, scrape } from './rights.ts';

interface Canary {
  readonly status?: { readonly phase?: string };
}

/** A release that succeeds, one that is refused by a metrics server that tells secrets, and what was seen of both. */
export function securitySteps({ root, cluster, kubectl, image }: Ground): Steps {
  const apply = (input: string) => kubectl(['apply', '--server-side', '-f', '-'], { input });
  const synth = (revision: string) =>
    runProgram(process.execPath, [join(root, 'dist/perch.js'), 'synth', 'test/e2e/security/main.ts'], {
      cwd: root,
      env: { ...cluster.images, PERCH_IMAGE: image, REVISION: revision },
    });
  const path = `/apis/flagger.app/v1beta1/namespaces/${place.app}/canaries/web`;
  const phase = (wanted: string) =>
    until(`the phase ${wanted}`, 120_000, async () => {
      const { status } = await kubectl.get<Canary>(path);
      return status?.phase === wanted;
    });
  const logs = (name: string) => kubectl(['-n', place.system, 'logs', `deployment/${name}`]);
  const received = () => kubectl.service(place.app, receiver, '/received');
  return {
    'a stack with a marker in every Secret is initialised by a controller with rights in one namespace':
      async () => {
        await apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: place.app } }));
        await apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: surroundings(image) }));
        await apply(await synth('1'));
        for (const [namespace, name] of [
          [place.app, receiver],
          [place.system, controller],
        ] as const)
          await kubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=120s']);
        await phase('Initialized');
      },
    'a release is promoted, and told': async () => {
      await apply(await synth('2'));
      await phase('Succeeded');
      await until('the alert', 10_000, async () => (await received()).includes('Canary analysis completed'));
    },
    'a release is rolled back when the metrics server refuses, and shows the credentials in its refusal':
      async () => {
        await kubectl.service(place.app, receiver, '/deny');
        await apply(await synth('3'));
        await phase('Failed');
        await until('the alert', 10_000, async () => /failed/i.test(await received()));
      },
    'nothing of a Secret is in a log, event, object, metric or alert': async () => {
      const secretOf = [
        '-n',
        place.system,
        'get',
        'secret',
        'perch-loadtester-token',
        '-o',
        'jsonpath={.data.token}',
      ];
      const token = Buffer.from(await kubectl(secretOf), 'base64').toString();
      expectEqual('length of the token', token.length, 64);
      const objects =
        'canaries.flagger.app,metrictemplates.flagger.app,alertproviders.flagger.app,configmaps,events';
      const told: Readonly<Record<string, string>> = {
        "the controller's log": await logs(controller),
        "the load tester's log": await logs(loadTester),
        "the application's objects": await kubectl(['-n', place.app, 'get', objects, '-o', 'yaml']),
        "the platform's objects": await kubectl([
          '-n',
          place.system,
          'get',
          'configmaps,events',
          '-o',
          'yaml',
        ]),
        "the controller's metrics": await scrape(kubectl),
        "the load tester's metrics": await scrape(kubectl, loadTester),
        'the alerts': await received(),
      };
      const secrets = [...['1', '2', '3'].map((number) => `${marker}-${number}`), token].flatMap(tracesOf);
      const found = Object.entries(told).flatMap(([where, text]) =>
        secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${where}`),
      );
      expectEqual('what is told', found, []);
    },
    'every request was granted, and every right made use of': () => compareRights(kubectl),
    'who has no token starts nothing by the load tester': async () => {
      const task = {
        name: 'web',
        namespace: place.app,
        metadata: { type: 'bash', cmd: 'echo marked-by-nobody' },
      };
      const answer = await kubectl
        .service(place.system, loadTester, '/', task)
        .catch((error: Error) => error.message);
      if (!/Unauthorized|must be logged in/i.test(answer)) throw new Error(`expected 401, got ${answer}`);
      if ((await logs(loadTester)).includes('marked-by-nobody')) throw new Error('the command was run');
    },
    'there is no shell in the controller’s pod, and its root cannot be written': async () => {
      const exec = ['-n', place.system, 'exec', `deployment/${controller}`, '--'];
      const run = (...words: string[]) => endingOf('kubectl', [...exec, ...words], { env: cluster.env });
      for (const shell of ['sh', 'bash', '/bin/sh']) {
        const { status, stderr } = await run(shell, '-c', 'true');
        if (status === 0 || !/not found|no such file/i.test(stderr))
          throw new Error(`${shell}: ${status} ${stderr}`);
      }
      const write =
        "try { fs.writeFileSync('/app/x', '') } catch (error) { console.log(error.code, process.getuid()) }";
      expectEqual('a write', (await run('/usr/local/bin/node', '-e', write)).stdout.trim(), 'EROFS 10001');
    },
  };
}
