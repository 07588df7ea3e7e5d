/** Gates that people open and close by hand and hooks look at. Closed until opened; forgotten at a restart. */
export interface Gates {
  open(key: string): void;
  close(key: string): void;
  isOpen(key: string): boolean;
}

export function createGates(): Gates {
  const opened = new Set<string>();
  return {
    open: (key) => void opened.add(key),
    close: (key) => void opened.delete(key),
    isOpen: (key) => opened.has(key),
  };
}
