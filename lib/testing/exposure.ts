import type { Stage } from './stage.js';

interface Counted {
  readonly requests: number;
  readonly exposedRequests: number;
  readonly failedRequests: number;
}

/** Counts what users met while a release was under way; what the new version answers once it is promoted does not count. */
export class Exposure {
  private readonly before: Counted;
  private atPromotion: Counted | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly image: string,
  ) {
    this.before = this.count();
  }

  look(): void {
    const phase = this.stage.phase();
    if (!this.atPromotion && (phase === 'Promoting' || phase === 'Finalising'))
      this.atPromotion = this.count();
    else if (phase === 'Progressing') this.atPromotion = undefined;
  }

  result(): Counted {
    const now = this.count();
    const exposed = this.atPromotion ?? now;
    return {
      requests: now.requests - this.before.requests,
      exposedRequests: exposed.exposedRequests - this.before.exposedRequests,
      failedRequests: exposed.failedRequests - this.before.failedRequests,
    };
  }

  private count(): Counted {
    const tally = this.stage.world.tally();
    const [own, nobody] = [tally.get(this.image), tally.get('')];
    const requests = [...tally.values()].reduce((sum, { userRequests }) => sum + userRequests, 0);
    return {
      requests,
      exposedRequests: own?.userRequests ?? 0,
      failedRequests: (own?.userFailures ?? 0) + (nobody?.userFailures ?? 0),
    };
  }
}
