import { environmentProxies, proxyFor } from '../../lib/ports/environmentProxy.js';

const env = { HTTP_PROXY: 'http://plain:1', https_proxy: 'secure:2' };
const choose = (url: string, NO_PROXY = '') =>
  proxyFor(new URL(url), environmentProxies({ ...env, NO_PROXY }));

test('each scheme has its own proxy, and one without a scheme is spoken to in HTTP', () => {
  expect(choose('http://shop.test/')).toBe('http://plain:1');
  expect(choose('https://shop.test/')).toBe('http://secure:2');
  expect(proxyFor(new URL('https://shop.test'), { httpProxy: 'http://plain:1' })).toBeUndefined();
});

test.each(['http://localhost:9090', 'https://127.0.0.1:6443', 'http://127.9.9.9', 'https://[::1]:6443'])(
  'this machine is reached directly: %s',
  (url) => expect(choose(url)).toBeUndefined(),
);

test.each([
  ['*', 'https://shop.test'],
  ['other.test, Shop.Test', 'https://shop.test'],
  ['shop.test', 'https://api.shop.test.'],
  ['.shop.test', 'https://api.shop.test'],
  ['*.shop.test', 'https://api.shop.test'],
  ['.svc,.cluster.local', 'http://prometheus.monitoring.svc:9090'],
  ['shop.test:6443', 'https://shop.test:6443'],
  ['shop.test:443', 'https://shop.test'],
  ['10.96.0.1', 'https://10.96.0.1'],
  ['10.96.0.0/12', 'https://10.96.0.1:443'],
  ['10.96.0.1:443', 'https://10.96.0.1'],
  ['fd00::/8', 'https://[fd00::1]:6443'],
  ['fd00::1', 'https://[fd00::1]:6443'],
  ['[fd00::1]:6443', 'https://[fd00::1]:6443'],
])('NO_PROXY=%s lets %s be reached directly', (noProxy, url) => {
  expect(choose(url, noProxy)).toBeUndefined();
});

test.each([
  ['', 'https://shop.test'],
  [',', 'https://shop.test'],
  ['shop.test', 'https://eshop.test'],
  ['.shop.test', 'https://shop.test'],
  ['*.shop.test', 'https://shop.test'],
  ['shop.test:6443', 'https://shop.test'],
  [':443', 'https://shop.test'],
  ['10.96.0.0/12', 'https://10.112.0.1'],
  ['10.96.0.0/99', 'https://10.96.0.1'],
  ['10.96.0.1', 'https://10.96.0.10'],
  ['fd00::/8', 'https://10.96.0.1'],
])('NO_PROXY=%s does not let %s be reached directly', (noProxy, url) => {
  expect(choose(url, noProxy)).toBe('http://secure:2');
});
