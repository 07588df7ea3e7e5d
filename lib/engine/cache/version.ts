/**
 * Which of two resourceVersions is newer: negative when `a` is older, 0 when equal. They are whole decimal numbers
 * of any length (Kubernetes 1.35 promises so), hence compared by length, then digit by digit.
 */
export function compareVersions(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
