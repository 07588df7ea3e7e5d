/** What a Teams webhook understands. */
export type CardFormat = 'adaptiveCard' | 'messageCard';

const workflowHosts = [
  'logic.azure.com',
  'logic.azure.us',
  'logic.azure.cn',
  'powerplatform.com',
  'powerautomate.com',
  'flow.microsoft.com',
  'azure-apihub.net',
];
const connectorHosts = ['webhook.office.com', 'outlook.office.com', 'outlook.office365.com'];

/**
 * Which card a webhook's URL takes:
 * 1. what its fragment says, `#adaptive` or `#messagecard` (a fragment is never sent);
 * 2. Power Automate's hosts take Adaptive Cards, the retired Office connectors' MessageCards;
 * 3. any other host takes an Adaptive Card when its path has a segment `workflows` or `triggers` (a proxy before Power
 *    Automate keeps it), else a MessageCard, as Flagger sends everywhere.
 */
export function cardFormat({ hash, hostname, pathname }: URL): CardFormat {
  const fragment = hash.slice(1).toLowerCase();
  if (fragment === 'adaptive' || fragment === 'adaptivecard') return 'adaptiveCard';
  if (fragment === 'messagecard') return 'messageCard';
  if (isBelow(hostname, workflowHosts)) return 'adaptiveCard';
  if (isBelow(hostname, connectorHosts)) return 'messageCard';
  return /\/(?:workflows|triggers)(?:\/|$)/i.test(pathname) ? 'adaptiveCard' : 'messageCard';
}

function isBelow(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
