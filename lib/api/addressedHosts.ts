/** Hosts that a command talks to: those of its URLs, and of the Host headers that it sends. */
export function addressedHosts(command: string): string[] {
  const urls = [...command.matchAll(/https?:\/\/([A-Za-z0-9.-]+)/g)];
  const headers = [...command.matchAll(/(?:-host[= ]|\bHost:)\s*['"]?([A-Za-z0-9.-]+)/g)];
  return [...urls, ...headers].map(([, host = '']) => host);
}
