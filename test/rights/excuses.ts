import type { Scope } from './synthesis.js';

type Excuses = Readonly<Record<string, string>>;

const finalizers: Excuses = {
  'update canaries/finalizers':
    'admission asks for it where owners are enforced, of whoever says that a canary owns something',
};

const deletions = 'admission asks for it where owners are enforced, of whoever takes an owner away';

/** Rights that no request shows, each with what it is for. Where they are enforced, nothing ends as it should without. */
export const excuses: Readonly<Record<Scope, Excuses>> = {
  cluster: finalizers,
  namespace: {
    ...finalizers,
    'delete services': deletions,
    'delete configmaps': deletions,
    'delete secrets': deletions,
  },
};
