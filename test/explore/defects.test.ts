import type { Cluster } from '../../lib/ports/cluster.js';
import type { Http } from '../../lib/ports/http.js';
import type { Log } from '../../lib/ports/log.js';
import { crashEverywhere } from './crashPoints.js';
import { violations } from './invariants.js';
import { type Defect, play } from './play.js';
import { scenarios } from './scenarios.js';
import { secretWord } from './stack.js';

/** Writes other objects and patches than the controller asked for. */
function writing(change: (json: string) => string): Defect {
  const changed = <T>(body: T): T => JSON.parse(change(JSON.stringify(body))) as T;
  return (ports) => {
    const { cluster } = ports;
    const writes: Pick<Cluster, 'create' | 'patch'> = {
      create: (kind, object) => cluster.create(kind, changed(object)),
      patch: (kind, key, type, patch) => cluster.patch(kind, key, type, changed(patch)),
    };
    return { ...ports, cluster: Object.assign(Object.create(cluster) as Cluster, writes) };
  };
}

const tooHigh = writing((json) =>
  json.replace(
    /("name":"podinfo-canary"[^}]*"weight":)(\d+)/g,
    (_, head, weight) => `${head}${+weight + 30}`,
  ),
);
const alwaysNothing = writing((json) => json.replace(/(canary-weight":)"\d+"/g, '$1"0"'));

/** Every line of the log ends with the header of somebody who is asked for this. */
const tellingInBase64: Defect = (ports) => {
  const header = Buffer.from(`perch:${secretWord}`).toString('base64');
  const log: Log['log'] = (level, message, fields) =>
    ports.log.log(level, `${message} Basic ${header}`, fields);
  return { ...ports, log: { log } };
};

/** Posts to the team five times what is to be posted once. */
const fiveTimes: Defect = (ports) => {
  const request: Http['request'] = async (asked) => {
    const times = asked.url.includes('hooks.slack.com') ? 4 : 0;
    for (let time = 0; time < times; time++) await ports.http.request(asked);
    return ports.http.request(asked);
  };
  return { ...ports, http: { request } };
};

/** Whoever starts says something that nobody owes. */
const greeting: Defect = (ports) => {
  const body = JSON.stringify({
    attachments: [{ text: 'New revision detected, progressing canary analysis.' }],
  });
  const url = 'https://hooks.slack.com/services/team';
  void ports.http.request({ method: 'POST', url, headers: {}, body, timeoutMs: 1_000 });
  return ports;
};

const planted: readonly (readonly [defect: string, scenario: string, Defect, sentence: string])[] = [
  ['a canary’s weight in a route is 30 too high', 'Gateway API', tooHigh, 'Weights sum to 100.'],
  [
    'the canary’s Ingress never gives it anything',
    'promotion by weights',
    alwaysNothing,
    'Routes send what the status says, as soon as the controller has had its time.',
  ],
  [
    'each alert is sent five times',
    'promotion by weights',
    fiveTimes,
    'Each alert comes once, but for what a stop, another leader or a refused or unanswered write left open.',
  ],
  [
    'a Secret’s value is logged in base64',
    'promotion by weights',
    tellingInBase64,
    'No Secret value in any log, event or status.',
  ],
];

describe('a defect is found without any fault:', () => {
  it.each(planted)('%s', async (_, name, defect, sentence) => {
    const scenario = scenarios.find((each) => each.name === name)!;
    const calm = { scenario: name, incidents: [] };
    const { trace } = await play(scenario, calm, defect);
    expect(violations(trace, calm).map((violation) => violation.sentence)).toContain(sentence);
  });
});

it('an alert that comes again after a crash, though nobody owed it, is found at a crash point', async () => {
  const found = new Set<string>();
  for await (const { violations: all } of crashEverywhere(scenarios[0]!, { index: 1, of: 20 }, greeting))
    for (const { sentence } of all) found.add(sentence);
  expect(found).toContain('A crash changes nothing of the alerts.');
});
