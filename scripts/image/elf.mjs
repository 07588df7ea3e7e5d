// What a program of Linux needs beside itself, read from the file: unlike ldd it runs nothing, and so also answers for
// another processor's programs.
const LOAD = 1;
const DYNAMIC = 2;
const INTERPRETER = 3;
const NEEDED = 1n;
const STRING_TABLE = 5n;

/** The dynamic loader's path, if the file names one, and the names of the shared libraries. */
export function readNeeds(file) {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error('expected a 64-bit little-endian ELF file');
  }
  const headers = programHeaders(file);
  const text = (offset) => file.toString('latin1', offset, file.indexOf(0, offset));
  const interpreter = headers.find(({ type }) => type === INTERPRETER);
  const entries = dynamicEntries(
    file,
    headers.find(({ type }) => type === DYNAMIC),
  );
  const table = entries.find(([tag]) => tag === STRING_TABLE)?.[1];
  const strings = table === undefined ? 0 : offsetOf(headers, table);
  const needed = entries.filter(([tag]) => tag === NEEDED).map(([, at]) => text(strings + Number(at)));
  return { interpreter: interpreter && text(interpreter.offset), needed };
}

function programHeaders(file) {
  const [start, size, count] = [
    Number(file.readBigUInt64LE(32)),
    file.readUInt16LE(54),
    file.readUInt16LE(56),
  ];
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    const number = (offset) => Number(file.readBigUInt64LE(at + offset));
    return { type: file.readUInt32LE(at), offset: number(8), address: number(16), size: number(32) };
  });
}

function dynamicEntries(file, header) {
  if (!header) return [];
  const entries = [];
  for (let at = header.offset; at < header.offset + header.size; at += 16) {
    entries.push([file.readBigUInt64LE(at), file.readBigUInt64LE(at + 8)]);
  }
  return entries;
}

function offsetOf(headers, address) {
  const at = Number(address);
  const part = headers.find(
    ({ type, address, size }) => type === LOAD && at >= address && at < address + size,
  );
  if (!part) throw new Error('expected the string table in a loaded segment');
  return at - part.address + part.offset;
}
