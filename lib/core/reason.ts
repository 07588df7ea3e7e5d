/**
 * Why something was decided, with what was compared. Events, logs and alerts are printed from it (text.ts), so
 * they never disagree. The core adds a member for each decision it takes.
 */
export type Reason =
  | { readonly code: 'targetError'; readonly message: string }
  | { readonly code: 'suspended' };
