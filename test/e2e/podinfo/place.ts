/** Where the stack's parts are, as the constructs name them by default. */
export const place = {
  system: 'perch-system',
  loadTester: 'perch-loadtester',
  controller: 'perch-controller',
  prometheus: { name: 'prometheus', port: 9090 },
  router: { namespace: 'ingress-nginx', name: 'ingress-nginx-controller' },
  app: { namespace: 'test', name: 'podinfo', container: 'podinfod', host: 'podinfo.example.com' },
} as const;
