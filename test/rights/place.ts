/** Where the platform and its applications are. */
export const place = { system: 'perch-system', app: 'shop' } as const;

export const account = { name: 'perch-controller', namespace: place.system } as const;

/** What the API server calls it. */
export const user = `system:serviceaccount:${account.namespace}:${account.name}`;
