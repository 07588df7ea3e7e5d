import type { KubeconfigUser } from './kubeconfig.js';

/** The headers of who acts as another; uid, groups and the rest without a name say nothing, as for kubectl. */
export function impersonationHeaders(user: KubeconfigUser): Record<string, string | string[]> {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = user;
  if (!as) return {};
  return {
    'Impersonate-User': as,
    ...(uid && { 'Impersonate-Uid': uid }),
    ...(groups && { 'Impersonate-Group': groups }),
    ...Object.fromEntries(
      Object.entries(extra ?? {}).map(([key, values]) => [`Impersonate-Extra-${headerPart(key)}`, values]),
    ),
  };
}

/** Percent-encoded but for what may stand in a header's name. */
function headerPart(key: string): string {
  return encodeURIComponent(key).replace(/[()]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}
