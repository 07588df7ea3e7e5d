import type { KubeObject } from '../../lib/api/kinds.js';
import { nextImage, perform } from '../../lib/cli/demoScript.js';
import { setDemoStage } from '../../lib/cli/demoStage.js';
import { liveView, plainView } from '../../lib/cli/demoView.js';
import { namespace, podinfo } from '../sim/podinfo.js';

const controller: KubeObject & { spec: object } = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'perch-controller', namespace },
  spec: {
    selector: { matchLabels: { app: 'perch' } },
    template: {
      metadata: { labels: { app: 'perch' } },
      spec: {
        containers: [
          {
            name: 'controller',
            image: 'perch:dev',
            args: ['controller', '-mesh-provider=nginx', '-metrics-server=http://prometheus.monitoring:9090'],
            env: [
              { name: 'MSTEAMS_URL', valueFrom: { secretKeyRef: { name: 'teams', key: 'address' } } },
              { name: 'MSTEAMS_PROXY_URL', value: 'http://proxy.example.com:3128' },
            ],
          },
        ],
      },
    },
  },
};

const lines = async (objects: readonly KubeObject[]) => {
  const { moments, failure } = await perform(await setDemoStage(objects, 'main.ts'));
  return { moments, text: moments.map(plainView), failure };
};

describe('perch demo', () => {
  it('promotes the good version, and rolls back the faulty and the slow one, each by its own check', async () => {
    const { text, failure } = await lines([...podinfo(), controller]);
    expect(failure).toBeUndefined();
    const all = text.join('\n');
    expect(all).toMatch(
      /Succeeded 0 Promotion completed! Scaling down podinfo\.test[\s\S]*success rate \d+\.\d\d% < 99%[\s\S]*Canary failed![\s\S]*advancement latency \d\.\d\d > 0\.5[\s\S]*Canary failed!/,
    );
    expect(text.every((line) => /^\d\d:\d\d\.\d [A-Za-z-]+ \d+ \S/.test(line))).toBe(true);
  });

  it('says where each alert would have gone', async () => {
    const { moments } = await lines([...podinfo(), controller]);
    const alerts = moments.filter(({ kind }) => kind === 'alert').map(({ text }) => text);
    expect(alerts).toContain(
      'alert to Microsoft Teams (example.webhook.office.com through http://proxy.example.com:3128): Canary analysis completed successfully, promotion finished.',
    );
    expect(alerts.filter((text) => text.includes('Failed checks threshold reached 5'))).toHaveLength(2);
  });

  it('fails with the reason when the policy lets the faulty version through', async () => {
    const { failure } = await lines([...podinfo('6.9.0', { metrics: [] }), controller]);
    expect(failure).toMatchObject({ code: 'DEMO_OUTCOME' });
    expect(failure?.message).toContain('expected phase Failed, got Succeeded');
  });

  it('is the same each time', async () => {
    const objects = [...podinfo(), controller];
    expect((await lines(objects)).text).toEqual((await lines(objects)).text);
  });

  it('says what a stack lacks', async () => {
    await expect(setDemoStage([], 'main.ts')).rejects.toMatchObject({
      code: 'DEMO_STACK_INCOMPLETE',
      message: 'expected the program to declare a Canary, found none',
    });
    await expect(setDemoStage(podinfo(), 'main.ts')).rejects.toThrow('a controller');
  });

  it('shows weight, success rate and latency on a terminal, in colour only where that is wanted', () => {
    const moment = {
      atMs: 61_500,
      kind: 'event',
      phase: 'Progressing',
      weight: 25,
      successRate: 99.5,
      latencyMs: 31,
      text: 'Advance',
      bad: false,
    } as const;
    expect(liveView(false)(moment)).toBe('01:01.5  █████░░░░░░░░░░░░░░░  25 %   99.5 %    31 ms  Advance');
    expect(liveView(true)(moment)).toContain('\u001b[32mAdvance');
  });

  it('counts the releases up by the image tag', () => {
    expect(nextImage('ghcr.io/a/podinfo:6.9.9')).toBe('ghcr.io/a/podinfo:6.9.10');
    expect(nextImage('localhost:5000/app')).toBe('localhost:5000/app-1');
    expect(nextImage('localhost:5000/app2')).toBe('localhost:5000/app2-1');
    expect(nextImage('app:latest')).toBe('app:latest-1');
  });
});
