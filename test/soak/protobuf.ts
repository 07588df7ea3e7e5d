/** A message as its fields by number; of a repeated field all values, in order. */
export type Message = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** What etcd holds of a built-in object begins so; then comes a `runtime.Unknown`, whose field 2 is the object. */
const MAGIC = 'k8s\0';

/** The object in a value that the API server wrote in Kubernetes' protobuf encoding. */
export function readStored(value: Uint8Array): Message {
  if (Buffer.from(value.subarray(0, 4)).toString('latin1') !== MAGIC)
    throw new Error(`expected a value that begins with ${JSON.stringify(MAGIC)}`);
  return child(readMessage(value.subarray(4)), 2);
}

export function readMessage(bytes: Uint8Array): Message {
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('a protobuf message ends in the middle of a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [number, wire] = [tag >> 3, tag & 7];
    const value = wire === 0 ? varint() : take(wire === 1 ? 8 : wire === 5 ? 4 : Number(varint()));
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

/** The message in a field; an empty one when it is absent. */
export function child(message: Message, field: number): Message {
  const value = message.get(field)?.at(-1);
  return value instanceof Uint8Array ? readMessage(value) : new Map();
}

export function text(message: Message, field: number): string {
  const value = message.get(field)?.at(-1);
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}

export function count(message: Message, field: number): number {
  const value = message.get(field)?.at(-1);
  return typeof value === 'bigint' ? Number(value) : 0;
}

/** Entries of a map of strings. */
export function entries(message: Message, field: number): ReadonlyMap<string, string> {
  const pairs = (message.get(field) ?? []).filter((value) => value instanceof Uint8Array).map(readMessage);
  return new Map(pairs.map((pair) => [text(pair, 1), text(pair, 2)]));
}
