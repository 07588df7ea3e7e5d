import type { Kubectl } from '../kubectl.ts';
import { until } from '../wait.ts';
import { place } from './place.ts';

interface QueryAnswer {
  data: { result: { value: [number, string] }[] };
}

/** Users, and users who do what they should not, by hey in the load tester's pod; and what Prometheus saw of them. */
export function createTraffic(kubectl: Kubectl) {
  // the load tester itself takes requests from the controller alone
  const run = (script: string) =>
    kubectl(['-n', place.system, 'exec', `deployment/${place.loadTester}`, '--', 'bash', '-c', script]);
  const query = async (promql: string): Promise<number | undefined> => {
    const path = `/api/v1/query?query=${encodeURIComponent(promql)}`;
    const answer = JSON.parse(
      await kubectl.service(place.system, `${place.prometheus.name}:${place.prometheus.port}`, path),
    ) as QueryAnswer;
    const value = answer.data.result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  };
  /** Requests for a path until the file is gone. */
  const request = (path: string, workers: number, file: string) => {
    const url = `http://${place.router.name}.${place.router.namespace}${path}`;
    const hey = `hey -z 5s -q 10 -c ${workers} -host ${place.app.host} ${url}`;
    // with its own output the loop outlives the call that starts it
    return run(`touch ${file}; { while [ -e ${file} ]; do ${hey}; done; } >/dev/null 2>&1 </dev/null &`);
  };
  return {
    /** Twenty requests a second, to the end of the journey. */
    users: () => request('/', 2, '/tmp/users'),
    /** Requests for a path that fails or is slow, until `calm` is called. */
    trouble: (path: string) => request(path, 4, '/tmp/trouble'),
    /** Ends the trouble, and waits until no window of a minute holds any of them. */
    async calm() {
      await run('rm -f /tmp/trouble');
      const { namespace } = place.app;
      const errors = `sum(rate(nginx_ingress_controller_requests{namespace="${namespace}",status=~"5.."}[1m]))`;
      const slow = `sum(rate(http_request_duration_seconds_count{kubernetes_namespace="${namespace}"}[1m])) - sum(rate(http_request_duration_seconds_bucket{kubernetes_namespace="${namespace}",le=~"1|1.0"}[1m]))`;
      await until('the last minute to be free of errors and slow answers', 150_000, async () => {
        const [failing, late] = [await query(errors), await query(slow)];
        return !failing && !late;
      });
    },
  };
}
