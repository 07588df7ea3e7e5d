/** Marks text with colours, or leaves it as it is where nobody sees them. */
export interface Paint {
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
  faint(text: string): string;
}

const codes = { green: 32, yellow: 33, red: 31, faint: 2 } as const;

export function paintFor(coloured: boolean): Paint {
  const mark = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    green: mark(codes.green),
    yellow: mark(codes.yellow),
    red: mark(codes.red),
    faint: mark(codes.faint),
  };
}

/** Is standard output read by a person, in colour? */
export function outputIsColoured(): boolean {
  return Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
}
