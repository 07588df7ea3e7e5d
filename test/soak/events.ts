import type { Chronicle } from './chronicle.js';

/** What the controller said of a canary in its log. */
export interface Heard {
  readonly canary: string;
  readonly message: string;
}

export interface Delivery {
  readonly said: number;
  readonly arrived: number;
  /** Events that stand for more than one thing said. */
  readonly merged: number;
  /** Canaries whose events are not those of the log in the log's order. */
  readonly disordered: readonly string[];
}

/** The controller logs, as `info` about a canary, exactly what it records as an event. */
export function hearEvents(heard: Heard[]): (line: string) => void {
  return (line) => {
    const { level, msg, canary } = JSON.parse(line) as { level: string; msg: string; canary?: string };
    if (canary && level === 'info') heard.push({ canary: canary.split('.')[0] ?? '', message: msg });
  };
}

export function deliveries(heard: readonly Heard[], chronicle: Chronicle): Delivery {
  const said = new Map<string, Heard[]>();
  for (const each of heard) said.set(each.canary, [...(said.get(each.canary) ?? []), each]);
  const events = chronicle.names().flatMap((name) => chronicle.of(name).events);
  const disordered = [...said].filter(([name, lines]) => {
    const arrived = chronicle.of(name).events.map(({ message }) => message);
    return JSON.stringify(arrived) !== JSON.stringify(lines.map(({ message }) => message));
  });
  return {
    said: heard.length,
    arrived: events.length,
    merged: events.filter(({ times }) => times !== 1).length,
    disordered: disordered.map(([name]) => name),
  };
}
