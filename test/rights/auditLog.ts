import { readFileSync, writeFileSync } from 'node:fs';

/** A request as the API server wrote it down. */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  /** Absent where it is not about objects: `/apis`, `/version`. */
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Flags of an API server that writes down every request of the user, before its answer is out, and nobody else's. */
export function auditFlags(file: (name: string) => string, user: string): string[] {
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    // what is known when a request arrives is told again when it is answered, or when a watch is open
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata', users: [user] }, { level: 'None' }],
  };
  writeFileSync(file('audit-policy.json'), JSON.stringify(policy));
  return [`--audit-policy-file=${file('audit-policy.json')}`, `--audit-log-path=${file('audit.log')}`];
}

export function readAuditLog(path: string): AuditEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as AuditEvent);
}

/** Whether the API server's authorizer let it pass. */
export function wasAllowed({ annotations }: AuditEvent): boolean {
  return annotations?.['authorization.k8s.io/decision'] === 'allow';
}
