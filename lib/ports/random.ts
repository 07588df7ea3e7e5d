/** The only source of chance. Seeded in the simulator. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A random UUID, version 4. */
  uuid(): string;
}
