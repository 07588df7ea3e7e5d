/**
 * What a revision computed by perch starts with; `status.lastAppliedSpec` without it was written by Flagger, whose
 * hashes cannot be compared with ours.
 */
export const revisionPrefix = 'p1:';
