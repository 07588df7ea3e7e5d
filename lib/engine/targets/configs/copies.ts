import type { Canary } from '../../../api/canary.js';
import { apiVersion, type Kind } from '../../../api/kinds.js';
import { ownedBy } from '../../../api/ownership.js';
import { type ConfigMap, ConfigMaps, type Secret, Secrets } from '../../../api/workloads.js';
import type { Objects } from '../../../ports/objects.js';
import { createOnce } from '../../cache/objects.js';
import { sameJson } from '../../sameJson.js';
import { withPrefix } from '../labels.js';
import type { ConfigKind } from './references.js';

export type Config = ConfigMap | Secret;

/** The kinds by Flagger's names. */
export const configKinds: Readonly<Record<ConfigKind, Kind<Config>>> = {
  configmap: ConfigMaps,
  secret: Secrets,
};

/**
 * `<name>-primary` says what the source says. It is shared by all canaries whose pods name the source: each becomes an
 * owner, the last to write it the controlling one, so that it is there as long as one of them is. True when written.
 */
export async function writeCopy(
  objects: Objects,
  canary: Canary,
  kind: Kind<Config>,
  source: Config,
  labelPrefixes: readonly string[],
): Promise<boolean> {
  const namespace = canary.metadata.namespace ?? '';
  const name = `${source.metadata.name}-primary`;
  const live = await objects.fetch(kind, { namespace, name });
  const [owner] = ownedBy(canary);
  const others = (live?.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner?.uid);
  const owners = [...ownedBy(canary), ...others.map((other) => ({ ...other, controller: false }))];
  const labels = withPrefix(source.metadata.labels, labelPrefixes);
  const desired: Config = {
    ...live,
    apiVersion: apiVersion(kind),
    kind: kind.kind,
    metadata: { ...live?.metadata, name, namespace, labels, ownerReferences: owners },
    ...content(source),
  };
  if (!live) return createOnce(objects, kind, desired);
  const same =
    sameJson(content(live), content(source)) &&
    sameJson(live.metadata.labels ?? {}, labels) &&
    live.metadata.ownerReferences?.some(({ uid }) => uid === owner?.uid);
  if (same) return false;
  await objects.update(kind, desired);
  return true;
}

/** Everything but `immutable`: the copy changes with every promotion. */
function content(config: Config) {
  const { data, binaryData, type } = config as ConfigMap & Secret;
  return { data, ...(binaryData ? { binaryData } : {}), ...(type ? { type } : {}) };
}
