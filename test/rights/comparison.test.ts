import type { RouterName } from '../../lib/api/providers.js';
import { routingRules } from '../../lib/constructs/platform/routingRoles.js';
import type { AuditEvent } from './auditLog.js';
import { compareRights, type Excuses, shortcomingsOf } from './comparison.js';
import { type Right, rightsOf } from './granted.js';
import { knative, routings } from './routings.ts';

const account = { name: 'controller', namespace: 'system' };
const role = (kind: string, namespace: string | undefined, rules: object[]) => [
  { kind, metadata: { name: 'some', namespace }, rules },
  {
    kind: `${kind}Binding`,
    metadata: { name: 'some', namespace },
    roleRef: { kind, name: 'some' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  },
];
const pods = (verbs: string[], more: object = {}) => ({
  apiGroups: [''],
  resources: ['pods'],
  verbs,
  ...more,
});
const asked = (verb: string, objectRef: AuditEvent['objectRef'], decision = 'allow'): AuditEvent => ({
  verb,
  requestURI: `/api/v1/${objectRef?.resource}`,
  user: { username: 'controller' },
  ...(objectRef && { objectRef }),
  annotations: { 'authorization.k8s.io/decision': decision },
});
const shortcomings = (rights: Right[], events: AuditEvent[], excuses?: Excuses) =>
  shortcomingsOf(compareRights(rights, events, excuses));

test('nothing is wrong where every request was granted and every right made use of', () => {
  const rights = rightsOf(account, role('ClusterRole', undefined, [pods(['list', 'watch'])]));
  const events = [asked('list', { resource: 'pods' }), asked('watch', { resource: 'pods', namespace: 'a' })];
  expect(shortcomings(rights, [...events, asked('get', undefined)])).toEqual([]);
});

test('a right that no request shows is idle, unless there is an excuse for it', () => {
  const rights = rightsOf(account, role('ClusterRole', undefined, [pods(['list', 'delete'])]));
  const events = [asked('list', { resource: 'pods' })];
  expect(shortcomings(rights, events)).toEqual(['granted and never used: delete pods (ClusterRole some)']);
  expect(shortcomings(rights, events, { idle: { 'delete pods': 'for this and that' }, refused: {} })).toEqual(
    [],
  );
});

test('a request that was refused, or that another role allowed, is a shortcoming', () => {
  const rights = rightsOf(account, role('ClusterRole', undefined, [pods(['list'])]));
  const events = [
    asked('list', { resource: 'pods' }),
    asked('get', { resource: 'secrets' }, 'forbid'),
    asked('create', { resource: 'events' }),
  ];
  expect(shortcomings(rights, events)).toEqual([
    'used and not granted: get /api/v1/secrets',
    'granted by a role of somebody else: create /api/v1/events',
  ]);
  const borne: Excuses = { idle: {}, refused: { 'get secrets': 'for this and that' } };
  expect(shortcomings(rights, events.slice(0, 2), borne)).toEqual([]);
});

test('a right ends at its namespace, its name, its group and its subresource', () => {
  const rules = [pods(['get'], { resourceNames: ['web'] }), pods(['update'], { resources: ['pods/status'] })];
  const rights = rightsOf(account, role('Role', 'shop', rules));
  const others = [
    asked('get', { resource: 'pods', namespace: 'shop', name: 'database' }),
    asked('get', { resource: 'pods', namespace: 'elsewhere', name: 'web' }),
    asked('get', { resource: 'pods', apiGroup: 'metrics.k8s.io', namespace: 'shop', name: 'web' }),
    asked('update', { resource: 'pods', namespace: 'shop', name: 'web' }),
  ];
  const { idle, borrowed } = compareRights(rights, others);
  expect([idle.length, borrowed.length]).toEqual([2, 2]);
  const meant = [
    asked('get', { resource: 'pods', namespace: 'shop', name: 'web' }),
    asked('update', { resource: 'pods', subresource: 'status', namespace: 'shop', name: 'web' }),
  ];
  expect(shortcomings(rights, meant)).toEqual([]);
});

test('an audit log in which nothing stands is a shortcoming, and rights of others do not count', () => {
  expect(rightsOf({ ...account, namespace: 'other' }, role('Role', 'shop', [pods(['get'])]))).toEqual([]);
  expect(shortcomings([], [])).toEqual(['the audit log is empty']);
});

test('the rights of every provider are among those that the run compares', () => {
  const rightsOfProvider = (provider: RouterName) =>
    routingRules[provider].flatMap(({ apiGroups, resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${apiGroups}`)),
    );
  const compared = new Set(
    [...Object.values(routings), knative].flatMap(({ provider }) => rightsOfProvider(provider)),
  );
  const left = (Object.keys(routingRules) as RouterName[])
    .flatMap(rightsOfProvider)
    .filter((right) => !compared.has(right));
  expect(left).toEqual([]);
});
