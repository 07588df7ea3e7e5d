/** Namespaces of this journey. */
export const place = { system: 'security-system', app: 'security-app' } as const;

export const namespaces: readonly string[] = Object.values(place);

export const controller = 'perch-controller';
export const loadTester = 'perch-loadtester';
/** Teams and the metrics server in one. */
export const receiver = 'receiver';

/** What stands in every Secret, and may stand nowhere else. */
export const marker = 'marker-that-nobody-may-see';
