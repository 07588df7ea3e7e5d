import type { LoadReport } from './report.js';

/** The last report of every load of every canary. */
export interface Ledger {
  enter(canary: string, title: string, report: LoadReport): void;
  entries(): readonly (LoadReport & { readonly canary: string })[];
}

/** Loads that are remembered; the one that ended longest ago goes first. */
const MOST = 200;

export function createLedger(): Ledger {
  const reports = new Map<string, LoadReport & { readonly canary: string }>();
  return {
    enter(canary, title, report) {
      const key = `${canary} ${title}`;
      reports.delete(key);
      reports.set(key, { canary, ...report });
      for (const oldest of reports.keys()) {
        if (reports.size <= MOST) break;
        reports.delete(oldest);
      }
    },
    entries: () => [...reports.values()],
  };
}
