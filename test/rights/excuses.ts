import type { Excuses } from './comparison.js';
import type { Scope } from './synthesis.js';

const finalizers = {
  'update canaries/finalizers':
    'admission asks for it where owners are enforced, of whoever says that a canary owns something',
};

const routeKinds = {
  'delete httproutes': 'of a release whose routeKind is changed',
  'delete grpcroutes': 'of a release whose routeKind is changed',
};

const deletions = 'admission asks for it where owners are enforced, of whoever takes an owner away';

/** Without these rights nothing ends as it should where owners are enforced, as they are with Roles here. */
export const excuses: Readonly<Record<Scope, Excuses>> = {
  cluster: { idle: { ...finalizers, ...routeKinds }, refused: {} },
  namespace: {
    idle: {
      ...finalizers,
      ...routeKinds,
      'delete services': deletions,
      'delete configmaps': deletions,
      'delete secrets': deletions,
    },
    refused: {
      'list dummy-metric':
        'whether external metrics can be had is asked in kube-system, as Flagger asks it, where a controller of one namespace has no rights: an event says so, and the analysis asks in its own',
    },
  },
};
