import type { AnalysisMatch } from '../../api/canary.js';

export interface HeaderMatchProps {
  /** The whole value. */
  readonly exact?: string;
  /** A regular expression for the value. */
  readonly regex?: string;
}

/** Which requests an A/B test sends to the canary. */
export class Match {
  /** Requests with this header. ingress-nginx obeys one header: the last that is given. */
  static header(name: string, value: HeaderMatchProps): Match {
    return new Match({ headers: { [name.toLowerCase()]: { ...value } } });
  }

  /** Requests whose cookie of this name is `always`. */
  static cookie(name: string): Match {
    return new Match({ headers: { cookie: { exact: name } } });
  }

  private constructor(readonly manifest: AnalysisMatch) {}
}
