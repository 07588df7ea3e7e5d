import type { Canary } from '../../../lib/api/canary.js';
import type { KubeObject } from '../../../lib/api/kinds.js';
import { isOwnedBy } from '../../../lib/api/ownership.js';
import { type Change, createStore } from '../../../lib/engine/cache/store.js';
import { compareVersions } from '../../../lib/engine/cache/version.js';
import fc from '../../property.js';

const object = (name: string, version: number): KubeObject => ({
  metadata: { name, namespace: 'test', resourceVersion: String(version) },
});
const key = (name: string) => ({ namespace: 'test', name });

function recordingStore() {
  const changes: Change[] = [];
  return { changes, store: createStore((change) => changes.push(change)) };
}

describe('resourceVersions', () => {
  it('compare as whole numbers of any length', () => {
    const digits = fc.bigInt({ min: 0n, max: 2n ** 80n });
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        const sign = Math.sign(compareVersions(String(a), String(b)));
        expect(sign).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});

describe('a store', () => {
  it('ends with the newest state however events are duplicated and reordered', () => {
    const history = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (deletions, chance) => {
        const events = deletions.map((gone, at) => ({ gone, object: object('a', at + 1) }));
        const delivered = [...events, ...events].sort(() => (chance.next().value! % 3) - 1);
        const { store } = recordingStore();
        for (const event of delivered) {
          if (event.gone) store.remove(event.object);
          else store.offer(event.object);
        }
        const last = events.at(-1)!;
        expect(store.get(key('a'))).toEqual(last.gone ? undefined : last.object);
      }),
    );
  });

  it('shows an answer to a write at once, tells nobody, and ignores the watch event of it', () => {
    const { store, changes } = recordingStore();
    store.offer(object('a', 1));
    store.upsert(object('a', 2));
    store.offer(object('a', 2));
    store.offer(object('a', 1));
    expect(store.get(key('a'))?.metadata.resourceVersion).toBe('2');
    expect(changes).toHaveLength(1);
  });

  it('drops what a later list does not have, but not what was written after the list was taken', () => {
    const { store } = recordingStore();
    store.offer(object('old', 3));
    store.upsert(object('new', 12));
    store.replace([object('listed', 5)], '10');
    expect([...store.values()].map(({ metadata }) => metadata.name)).toEqual(['new', 'listed']);
  });

  it('does not bring back by a late list what was deleted since', () => {
    const { store } = recordingStore();
    store.offer(object('a', 3));
    store.remove(object('a', 11));
    store.replace([object('a', 3)], '10');
    expect(store.get(key('a'))).toBeUndefined();
  });

  it('keeps no managedFields and leaves the given object alone', () => {
    const { store } = recordingStore();
    const given = object('a', 1);
    given.metadata.managedFields = [{ manager: 'kubectl' }];
    store.offer(given);
    expect(store.get(key('a'))?.metadata.managedFields).toBeUndefined();
    expect(given.metadata.managedFields).toHaveLength(1);
  });

  it('knows what was made for each Canary, whatever came, went, changed hands or was listed meanwhile', () => {
    const owner = (name: string | undefined) =>
      name && [{ apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name, uid: name, controller: true }];
    const deed = fc.record({
      do: fc.constantFrom('offer', 'upsert', 'remove', 'forget', 'replace'),
      name: fc.constantFrom('a', 'b', 'c'),
      canary: fc.constantFrom('one', 'two', undefined),
    });
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 20 }), fc.nat(20), (deeds, firstAsked) => {
        const { store } = recordingStore();
        for (const [at, { do: what, name, canary }] of deeds.entries()) {
          if (at === firstAsked) store.owned(key('one'));
          const plain = object(name, at + 1);
          const given = { ...plain, metadata: { ...plain.metadata, ownerReferences: owner(canary) || [] } };
          if (what === 'forget') store.forget(key(name));
          else if (what === 'replace') store.replace([given], String(at + 1));
          else store[what as 'offer' | 'upsert' | 'remove'](given);
        }
        for (const canary of ['one', 'two']) {
          const made = [...store.values()].filter((held) =>
            isOwnedBy({ metadata: { name: canary } } as Canary, held),
          );
          expect(new Set(store.owned(key(canary)))).toEqual(new Set(made));
        }
      }),
    );
  });
});
