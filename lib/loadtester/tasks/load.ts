import { type Answer, answer } from '../answer.js';
import { generateLoad, type Reply } from '../load/generator.js';
import { type LoadPlan, readPlan } from '../load/plan.js';
import { createTally, type LoadReport, withoutSecrets } from '../load/report.js';
import { canaryOf } from '../payload.js';
import type { Limits, Task, TaskResult } from '../runner.js';
import { parseGoBool } from './goBool.js';
import { type TaskHandler, type TaskWorld, tooMany } from './task.js';

/**
 * Sends requests at a rate, by no other program, and answers without waiting; with `wait: "true"` with what came of
 * it. A load that this canary has running already is not started again.
 */
export const load: TaskHandler = async ({ metadata, ...payload }, world) => {
  const plan = readPlan(metadata);
  const { rate, connections, method, url } = plan;
  const title = `load ${method} ${withoutSecrets(url)} at ${rate}/s by ${connections} for ${plan.durationMs / 1000}s`;
  const task: Task = {
    type: 'load',
    canary: canaryOf(payload),
    title,
    logOutput: parseGoBool(metadata.logCmdOutput),
    perform: (limits) => perform(plan, limits, { ...world, canary: canaryOf(payload), title }),
  };
  if (!parseGoBool(metadata.wait)) return world.runner.start(task) ? answer(202) : tooMany;
  const result = await world.runner.run(task);
  return result ? told(result) : tooMany;
};

function told({ outcome, output, error }: TaskResult): Answer {
  if (outcome !== 'success') return answer(500, `${error}: ${output}`);
  return { status: 200, body: output, contentType: 'application/json' };
}

async function perform(
  plan: LoadPlan,
  limits: Limits,
  { metrics, ledger, canary, title }: TaskWorld & { readonly canary: string; readonly title: string },
): Promise<TaskResult> {
  const tally = createTally(plan);
  const take = (reply: Reply) => {
    tally.take(reply);
    metrics.requests.inc({ canary, result: String(reply.result) });
    metrics.latency.observe({ canary }, reply.ms / 1000);
  };
  const sent = await generateLoad(plan, limits, take);
  const report = tally.report(sent);
  metrics.rateHeld.set({ canary }, report.rate.held);
  ledger.enter(canary, title, report);
  const output = JSON.stringify(report);
  if (sent.ended === 'timeout') return { outcome: 'timeout', output, error: 'ended by the timeout' };
  const error = sent.ended === 'stop' ? 'the load tester is shutting down' : verdict(report);
  return { outcome: error ? 'failure' : 'success', output, error };
}

function verdict({ requests, unexpected }: LoadReport): string {
  return unexpected > 0 ? `${unexpected} of ${requests} requests were not answered as expected` : '';
}
