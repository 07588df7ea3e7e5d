import type { AnalysisMatch } from '../../api/canary.js';
import type { RouterName } from '../../api/providers.js';
import { checkProps, type Shape } from '../shape.js';

export interface HeaderMatchProps {
  /** The whole value. */
  readonly exact?: string;
  /** A regular expression for the value. */
  readonly regex?: string;
}

const valueShape: Shape<HeaderMatchProps> = { exact: 'text', regex: 'text' };

/** Which requests an A/B test sends to the canary. */
export class Match {
  /** Requests with this header. ingress-nginx obeys one header: the last that is given. */
  static header(name: string, value: HeaderMatchProps): Match {
    checkProps('Match.header', value, valueShape);
    return new Match({ headers: { [name.toLowerCase()]: { ...value } } });
  }

  /** Requests whose cookie of this name is `always`, whatever the routing. Of several, the last counts. */
  static cookie(name: string): Match {
    return new Match({}, [name]);
  }

  /** Requests with this query parameter. Istio, Gateway API and Contour only. */
  static queryParameter(name: string, value: HeaderMatchProps): Match {
    checkProps('Match.queryParameter', value, valueShape);
    return new Match({ queryParams: { [name]: { ...value } } });
  }

  /** Requests that workloads with these labels send. Istio only. */
  static sourceLabels(labels: Readonly<Record<string, string>>): Match {
    return new Match({ sourceLabels: { ...labels } });
  }

  /** Requests that all of these match: both this header and that parameter, say. */
  static all(...matches: readonly Match[]): Match {
    const manifests = matches.map(({ conditions }) => conditions);
    const merged = (field: 'headers' | 'queryParams' | 'sourceLabels') => {
      const entries = Object.assign({}, ...manifests.map((manifest) => manifest[field]));
      return Object.keys(entries).length > 0 && { [field]: entries };
    };
    const cookies = matches.flatMap((match) => match.cookies);
    return new Match({ ...merged('headers'), ...merged('queryParams'), ...merged('sourceLabels') }, cookies);
  }

  private constructor(
    private readonly conditions: AnalysisMatch,
    private readonly cookies: readonly string[] = [],
  ) {}

  /** As a provider's router takes it: ingress-nginx has a notation for cookies, the others look at the header. */
  render(provider: RouterName): AnalysisMatch {
    const name = this.cookies.at(-1);
    if (name === undefined) return this.conditions;
    const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const cookie =
      provider === 'nginx' ? { exact: name } : { regex: `^(.*?;\\s*)?(${quoted}=always)(\\s*;.*)?$` };
    return { ...this.conditions, headers: { ...this.conditions.headers, cookie } };
  }
}
