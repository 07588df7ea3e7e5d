import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SynthesisResult {
  readonly what: string;
  readonly seconds: number;
  /** Of the process that runs the program, at its largest. */
  readonly rssMiB: number;
}

const APPLICATIONS = 200;

const manyApplications = `import { App, Chart } from 'cdk8s';
import { CanaryApp, CanaryPlatform } from 'perch';
const app = new App();
const chart = new Chart(app, 'many');
const platform = new CanaryPlatform(chart, 'platform');
for (let i = 0; i < ${APPLICATIONS}; i++)
  new CanaryApp(chart, \`app-\${i}\`, { platform, image: 'app:1', port: 8080, host: \`app-\${i}.example.com\` });
app.synth();
console.error('rss', process.resourceUsage().maxRSS);
`;

const podinfo = `import '../examples/podinfo/main.ts';
console.error('rss', process.resourceUsage().maxRSS);
`;

/** `perch synth` from the shell, of one application and of many; the library is the one in dist/. */
export function measureSynthesis(): SynthesisResult[] {
  // Inside the checkout, where programs find perch and cdk8s.
  const folder = mkdtempSync('.bench-');
  try {
    return [
      measure('examples/podinfo', join(folder, 'podinfo.ts'), podinfo),
      measure(`${APPLICATIONS} CanaryApps`, join(folder, 'many.ts'), manyApplications),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(what: string, file: string, program: string): SynthesisResult {
  writeFileSync(file, program);
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'perch.js'), 'synth', file], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(stderr);
  const rss = Number(/^rss (\d+)$/m.exec(stderr)?.[1]);
  return { what, seconds: (performance.now() - started) / 1000, rssMiB: rss / 1024 };
}
