import { createLogOutput } from '../../lib/cli/logOutput.js';

/** A disk with room for so many bytes. */
function disk(room: number) {
  let written = '';
  return {
    free: (bytes: number) => {
      room += bytes;
    },
    text: () => written,
    send: (bytes: Uint8Array): number => {
      if (room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      const taken = Math.min(room, bytes.length, 7);
      room -= taken;
      written += Buffer.from(bytes.subarray(0, taken)).toString('utf8');
      return taken;
    },
  };
}

describe('where the log goes', () => {
  it('takes every line, however many pieces that needs', () => {
    const { send, text } = disk(1_000);
    const { write, lost } = createLogOutput(send);
    write('a line that is taken in pieces\n');
    write('zweite Zeile: äöü\n');
    expect(text()).toBe('a line that is taken in pieces\nzweite Zeile: äöü\n');
    expect(lost()).toBe(0);
  });

  it('may be a full disk: lines are lost and counted, and said when there is room again', () => {
    const { send, text, free } = disk(6);
    const { write, lost } = createLogOutput(send);
    write('first\n');
    write('second\n');
    write('third\n');
    expect(lost()).toBe(2);
    free(1_000);
    write('fourth\n');
    write('fifth\n');
    expect(text()).toBe('first\n2 lines of this log are lost: ENOSPC\nfourth\nfifth\n');
    expect(lost()).toBe(2);
  });
});
