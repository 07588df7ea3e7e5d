/** Named steps, one line each as it ends. */
export interface Report {
  /** Resolves with whether the step passed; its error is printed. */
  step(name: string, body: () => Promise<void>): Promise<boolean>;
  readonly tally: Tally;
}

/** Names of steps. */
export interface Tally {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

export function createReport(print: (line: string) => void = console.log): Report {
  const failed: string[] = [];
  const passed: string[] = [];
  return {
    get tally() {
      return { passed, failed };
    },
    async step(name, body) {
      const started = performance.now();
      const took = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      try {
        await body();
        passed.push(name);
        print(`ok ${name} (${took()})`);
        return true;
      } catch (error) {
        failed.push(name);
        print(`not ok ${name} (${took()})`);
        print(`  ${(error instanceof Error ? error.message : String(error)).replaceAll('\n', '\n  ')}`);
        return false;
      }
    },
  };
}

/** Prints `N passed, N failed` of all; resolves with the exit code. */
export function sumUp(tallies: readonly Tally[]): number {
  const passed = tallies.reduce((sum, tally) => sum + tally.passed.length, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed.length, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
