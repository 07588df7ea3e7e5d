import { readFileSync } from 'node:fs';
import { PerchError } from '../api/errors.js';
import { type Admission, admitAnybody, admitByToken } from '../loadtester/admission.js';

/** Exactly one of the two must be said: nobody shall run an open load tester without knowing. */
export function chooseAdmission(digestFile: string, plain: boolean): Admission {
  if (plain !== (digestFile === '')) {
    throw new PerchError({
      code: 'LOADTESTER_TOKEN',
      message: `expected either -token-digest-file or -allow-plain-requests, got ${plain ? 'both' : 'neither'}`,
      remedy:
        "name the file with the digest of the controller's token, or allow plain requests: then whoever reaches the port may run commands",
      path: '-token-digest-file',
    });
  }
  return plain ? admitAnybody : admitByToken(() => readFileSync(digestFile, 'utf8'));
}
