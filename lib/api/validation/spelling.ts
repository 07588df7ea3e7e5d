/** Edits (insert, delete, replace, swap neighbours) that make one word of the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) edits = Math.min(edits, beforeLast[column - 2]! + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}

/** The candidate that was probably meant: at most a third of it differs, or one contains the other. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const word = candidate.toLowerCase();
    const distance = editDistance(wanted, word);
    if (distance > Math.max(1, Math.floor(word.length / 3))) continue;
    if (!nearest || distance < nearest.distance) nearest = { candidate, distance };
  }
  return nearest?.candidate ?? candidates.find((candidate) => contains(wanted, candidate.toLowerCase()));
}

/** Short words are in too many others to say anything. */
function contains(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 6 && (a.includes(b) || b.includes(a));
}
