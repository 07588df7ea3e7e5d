import { styleText } from 'node:util';
import type { Moment } from './demoMoment.js';

export type View = (moment: Moment) => string;

function clock(atMs: number): string {
  const minutes = Math.floor(atMs / 60_000);
  const seconds = (atMs % 60_000) / 1000;
  return `${String(minutes).padStart(2, '0')}:${seconds.toFixed(1).padStart(4, '0')}`;
}

/** One line an event: time, phase, weight, text. */
export function plainView({ atMs, phase, weight, text }: Moment): string {
  return `${clock(atMs)} ${phase || '-'} ${weight} ${text}`;
}

function bar(weight: number): string {
  const filled = Math.round(weight / 5);
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`;
}

/** Lines for people: a bar of the users on the new version, its success rate and its latency. */
export function liveView(coloured: boolean): View {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    coloured ? styleText(style, text, { validateStream: false }) : text;
  return ({ atMs, kind, weight, successRate, latencyMs, text, bad }) => {
    const time = paint('dim', clock(atMs));
    if (kind === 'scene') return `\n${time}  ${paint('bold', text)}`;
    const success = successRate === undefined ? '' : `${successRate.toFixed(1)} %`;
    const latency = latencyMs === undefined ? '' : `${latencyMs.toFixed(0)} ms`;
    const gauge = `${paint('cyan', bar(weight))} ${String(weight).padStart(3)} %`;
    const measured = `${success.padStart(8)} ${latency.padStart(8)}`;
    if (kind === 'alert') return `${time}  ${' '.repeat(44)}${paint('magenta', `✉ ${text}`)}`;
    return `${time}  ${gauge} ${measured}  ${paint(bad ? 'yellow' : 'green', text)}`;
  };
}
