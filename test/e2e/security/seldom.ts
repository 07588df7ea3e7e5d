/** Rights that a release without trouble makes no use of, each with what it is for. */
export const seldom: Readonly<Record<string, string>> = {
  'get canaries': 'read live after a conflict',
  'get deployments': 'read live after a conflict',
  'get services': 'read live after a conflict',
  'get horizontalpodautoscalers': 'read live after a conflict',
  'update services': "somebody else's change is put right",
  'update horizontalpodautoscalers': "somebody else's change is put right",
  'update canaries/finalizers': 'never asked for: admission looks whether the owner of an object may be said',
  'get leases': 'leader election, which the simulator has no need of',
  'create leases': 'leader election, which the simulator has no need of',
  'update leases': 'leader election, which the simulator has no need of',
};
