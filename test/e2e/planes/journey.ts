import type { Ground, Journey } from '../ground.ts';
import { type Finding, takeCourse } from './course.ts';
import { createInstallation } from './installation.ts';
import { planes } from './plane.ts';
import { createProxies, type ProxyName } from './proxies.ts';
import { sayFindings, writeFindings } from './record.ts';
import { watchCanaries } from './sight.ts';

/** As many at a time as two cores can serve. */
const rounds: readonly (readonly ProxyName[])[] = [
  ['ingress-nginx', 'contour'],
  ['traefik', 'istio'],
];

/** Real requests through real proxies, each of which the cluster kit can bring up. */
export function planesJourney(ground: Ground): Journey {
  const { cluster, kubectl, report } = ground;
  const { kit } = cluster;
  if (!kit) {
    return {
      travel: async () =>
        console.log('skipped: the data planes are those of the cluster kit, which is not there'),
    };
  }
  const installation = createInstallation(ground);
  const proxies = createProxies(kit, cluster.env, kubectl);
  const findings: Finding[] = [];

  async function prove(name: ProxyName): Promise<void> {
    let address = '';
    const up = await report.step(`${name} is up`, async () => {
      address = await proxies.up(name);
    });
    if (!up) return;
    const sight = watchCanaries(kubectl);
    const mine = planes.filter(({ proxy }) => proxy === name);
    const found = await Promise.all(
      mine.map((plane) => takeCourse({ ground, plane, address, installation, sight })),
    );
    sight.end();
    findings.push(...found.filter((finding) => finding !== undefined));
  }

  async function proveAll(): Promise<void> {
    for (const round of rounds) {
      await Promise.all(round.map(prove));
      if (ground.keep) continue;
      for (const name of round) await report.step(`${name} is taken away`, () => proxies.down(name));
    }
    const inOrder = planes.flatMap((plane) => findings.filter((finding) => finding.plane === plane));
    sayFindings(inOrder);
    if (ground.record) await writeFindings(ground.root, inOrder);
  }

  return {
    async prepare() {
      await installation.synthesise();
      await installation.remove();
    },
    async travel() {
      try {
        const ready = await report.step('the controller and Prometheus are ready', async () => {
          await proxies.prepare();
          await installation.installPlatform();
        });
        if (ready) await proveAll();
      } finally {
        if (!ground.keep) await report.step('the planes’ namespaces are removed', installation.remove);
      }
    },
  };
}
