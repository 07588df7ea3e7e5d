import { countByKind, requestsInWords } from './requests.js';

const asked = (method: string, ...paths: string[]) => paths.map((path) => ({ method, path, at: 0 }));

test('requests are counted by verb and resource, whatever the object and the namespace', () => {
  const counts = countByKind([
    ...asked('POST', '/api/v1/namespaces/a/services', '/api/v1/namespaces/b/services'),
    ...asked('PUT', '/apis/flagger.app/v1beta1/namespaces/a/canaries/podinfo/status'),
    ...asked('GET', '/api/v1/namespaces/a', '/apis/apps/v1/deployments?limit=500'),
  ]);
  expect(counts).toEqual({
    'POST services': 2,
    'PUT canaries/status': 1,
    'GET namespaces': 1,
    'GET deployments': 1,
  });
});

test('what few canaries ask for is not worth a word', () => {
  expect(requestsInWords({ 'POST services': 300, 'GET canaries': 3 }, 100)).toBe('3.0 POST services');
});
