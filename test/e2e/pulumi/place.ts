/** Namespaces of this journey, as program/index.ts has them. */
export const place = {
  system: 'pulumi-system',
  router: 'pulumi-router',
  app: 'pulumi-app',
} as const;

export const namespaces: readonly string[] = Object.values(place);
