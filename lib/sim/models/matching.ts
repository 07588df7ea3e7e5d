import type { RequestLine } from './request.js';

export function matchesHostName(pattern: string, host: string): boolean {
  return pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}

/** A prefix of whole segments. */
export function matchesPrefix(prefix: string, path: string): boolean {
  const bare = prefix.replace(/\/$/, '');
  return path === bare || path.startsWith(`${bare}/`);
}

/** A header of the request; cookies are one header. */
export function headerOf({ headers = {}, cookies }: RequestLine, name: string): string | undefined {
  const given = headers[name.toLowerCase()];
  if (name.toLowerCase() !== 'cookie' || given !== undefined || !cookies) return given;
  return Object.entries(cookies)
    .map(([cookie, value]) => `${cookie}=${value}`)
    .join('; ');
}

/** A cookie of the request, told by itself or in the header. */
export function cookieOf(request: RequestLine, name: string): string | undefined {
  const given = request.cookies?.[name];
  if (given !== undefined) return given;
  const pairs = (headerOf(request, 'cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
