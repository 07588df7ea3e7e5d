/** What to do about a status that is not a success, and in which field. */
export function refusal(status: number): { readonly remedy: string; readonly path: string } {
  if (status === 401 || status === 403) {
    return {
      remedy:
        'correct the keys of the Secret that the MetricTemplate’s secretRef names, and let their owner read metrics',
      path: 'spec.provider.secretRef',
    };
  }
  if (status === 429) {
    return {
      remedy: 'the server limits how often it is asked: lengthen analysis.interval, or have the limit raised',
      path: 'spec.analysis.interval',
    };
  }
  if (status >= 500) {
    return {
      remedy: 'the server has a fault, or is none of this type; the check is made again at the next interval',
      path: 'spec.provider.address',
    };
  }
  return {
    remedy:
      'the answer says what the server did not accept: the query, the credentials or the path of the address',
    path: 'spec.query',
  };
}
