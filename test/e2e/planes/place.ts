/** Where the journey's parts are. */
export const place = {
  /** The controller and Prometheus. */
  system: 'planes-system',
  /** Applications and their canaries; the one namespace that the controller watches. */
  apps: 'planes-apps',
} as const;
