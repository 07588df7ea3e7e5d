/** Namespaces of this journey. */
export const place = {
  system: 'deploy-system',
  app: 'deploy-app',
  /** Where Flagger's canary is. */
  flagger: 'deploy-flagger',
} as const;

export const namespaces: readonly string[] = Object.values(place);
