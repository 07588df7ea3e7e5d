/** Named steps, one line each as it ends. */
export interface Report {
  /** Resolves with whether the step passed; its error is printed. */
  step(name: string, body: () => Promise<void>): Promise<boolean>;
  /** `N passed, N failed`; the exit code. */
  end(): number;
}

export function createReport(print: (line: string) => void = console.log): Report {
  let failed = 0;
  let passed = 0;
  return {
    async step(name, body) {
      const started = performance.now();
      const took = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      try {
        await body();
        passed += 1;
        print(`ok ${name} (${took()})`);
        return true;
      } catch (error) {
        failed += 1;
        print(`not ok ${name} (${took()})`);
        print(`  ${(error instanceof Error ? error.message : String(error)).replaceAll('\n', '\n  ')}`);
        return false;
      }
    },
    end() {
      print(`${passed} passed, ${failed} failed`);
      return failed === 0 ? 0 : 1;
    },
  };
}
