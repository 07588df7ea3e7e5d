import { child, count, entries, readStored, text } from './protobuf.js';

/** A field of length-delimited bytes. */
function bytes(field: number, value: string | Uint8Array): Uint8Array {
  const content = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([(field << 3) | 2, content.length]), content]);
}

const annotation = Buffer.concat([bytes(1, 'weight'), bytes(2, '25')]);
const metadata = Buffer.concat([bytes(1, 'app'), bytes(12, annotation)]);
const status = Buffer.from([(7 << 3) | 0, 0xac, 0x02]);
const object = Buffer.concat([bytes(1, metadata), bytes(3, status)]);
const stored = Buffer.concat([Buffer.from('k8s\0'), bytes(2, object)]);

describe('a value of etcd', () => {
  it('is read by the numbers of its fields: texts, numbers, maps', () => {
    const read = readStored(stored);
    expect(text(child(read, 1), 1)).toBe('app');
    expect(entries(child(read, 1), 12)).toEqual(new Map([['weight', '25']]));
    expect(count(child(read, 3), 7)).toBe(300);
  });

  it('has nothing in the fields that it lacks', () => {
    const read = readStored(stored);
    expect([text(read, 9), count(read, 9), child(read, 9).size, entries(read, 9).size]).toEqual([
      '',
      0,
      0,
      0,
    ]);
  });

  it('that is no Kubernetes object, or is cut short, is refused', () => {
    expect(() => readStored(Buffer.from('{"kind":"Canary"}'))).toThrow('expected a value that begins with');
    expect(() => readStored(Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x88])]))).toThrow(
      'in the middle of a number',
    );
  });
});
