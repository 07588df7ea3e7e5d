/** Hosts that a command talks to: those of its URLs, and of the Host headers that it sends. */
export function addressedHosts(command: string): string[] {
  const urls = [...command.matchAll(/https?:\/\/([A-Za-z0-9.-]+)/g)];
  const headers = [...command.matchAll(/(?:-host[= ]|\bHost:)\s*['"]?([A-Za-z0-9.-]+)/g)];
  return [...urls, ...headers].map(([, host = '']) => host);
}

/** Hosts that a hook of the load tester talks to: those of its command, or of its load. */
export function hookHosts({ cmd = '', url = '', host }: Readonly<Record<string, string>>): string[] {
  return addressedHosts(`${cmd} ${url}${host ? ` -host ${host}` : ''}`);
}
