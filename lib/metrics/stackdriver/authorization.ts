import type { GoogleAuth, JWT } from 'google-auth-library';
import type { PerchError } from '../../api/errors.js';
import type { Http } from '../../ports/http.js';
import type { MetricProviderContext } from '../../ports/metrics.js';
import { redact } from '../../ports/redact.js';
import { field } from '../answer.js';
import { invalidCredentials } from '../secretKeys.js';
import { portFetch } from './portFetch.js';

const scopes = ['https://www.googleapis.com/auth/monitoring.read'];

/** Application default credentials, so that their token is not asked for anew for every check. */
const defaults = new WeakMap<Http, GoogleAuth>();

export interface Authorized {
  readonly token: string;
  /** Of the credentials; '' unless asked for. */
  readonly ownProject: string;
}

/** What of a service account's key signs. */
interface Key {
  readonly email: string;
  readonly key: string;
}

type Fetch = ReturnType<typeof portFetch>['fetch'];

/** How requests get their token: by the Secret's `serviceAccountKey`, or else by application default credentials. */
export function authorize(context: MetricProviderContext): (wantsProject: boolean) => Promise<Authorized> {
  const key = readKey(context);
  return async (wantsProject) => {
    const transport = portFetch(context.http);
    try {
      if (key) {
        const { token } = await signer(key, transport.fetch).getAccessToken();
        return { token: token ?? '', ownProject: '' };
      }
      const auth = defaults.get(context.http) ?? defaultAuth(transport.fetch);
      const token = await auth.getAccessToken();
      const ownProject = wantsProject ? await auth.getProjectId() : '';
      defaults.set(context.http, auth);
      return { token: token ?? '', ownProject };
    } catch (error) {
      throw transport.failure() ?? refused(context, error);
    }
  };
}

/** Half a megabyte that only who asks Google needs. */
function library(): typeof import('google-auth-library') {
  return require('google-auth-library');
}

function signer(key: Key, fetchImplementation: Fetch): JWT {
  const { JWT: Signer } = library();
  return new Signer({ ...key, scopes, transporterOptions: { fetchImplementation } });
}

function defaultAuth(fetchImplementation: Fetch): GoogleAuth {
  const { GoogleAuth: Auth } = library();
  return new Auth({ scopes, clientOptions: { transporterOptions: { fetchImplementation } } });
}

function readKey({ secret }: MetricProviderContext): Key | undefined {
  const text = secret?.serviceAccountKey;
  if (!text) return undefined;
  const parsed = parse(text);
  const [email, key] = [field(parsed, 'client_email'), field(parsed, 'private_key')];
  if (typeof email === 'string' && typeof key === 'string') return { email, key };
  throw invalidCredentials(
    'stackdriver credentials: expected serviceAccountKey to be the JSON of a key, given other text',
    'put the key’s file, as Google made it, under `serviceAccountKey` of the Secret',
  );
}

/** Undefined when it is no JSON: the parser's error would quote the key. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without the library's error as its cause: that holds the request, and with it what signs it. */
function refused({ secret }: MetricProviderContext, error: unknown): PerchError {
  const why = error instanceof Error ? error.message : String(error);
  return invalidCredentials(
    `stackdriver credentials: expected a token, given none: ${redact(why, Object.values(secret ?? {}))}`,
    'give the Secret a valid `serviceAccountKey`, or the controller’s service account a Google identity that may read metrics (Workload Identity)',
  );
}
