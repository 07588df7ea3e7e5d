// The lint's import rules, derived from architecture.json: rooms, variants of a room, and fences on packages.
const { rooms, variants, packages } = require('../architecture.json');

const roomRules = Object.entries(rooms).map(([room, mayImport]) => ({
  name: `room-${room}`,
  comment: `lib/${room} may import ${mayImport.length ? mayImport.join(', ') : 'no other room'} (architecture.json)`,
  severity: 'error',
  from: { path: `^lib/${room}/` },
  to: { path: '^lib/', pathNot: [room, ...mayImport].map((name) => `^lib/${name}/`) },
}));

const variantRules = variants.map((room) => ({
  name: `variant-${room}`,
  comment: `a variant of lib/${room} never imports another variant`,
  severity: 'error',
  from: { path: `^lib/${room}/([^/]+)/` },
  to: { path: `^lib/${room}/[^/]+/`, pathNot: [`^lib/${room}/$1/`, ...sharedFolders(room)] },
}));

// Folders of a room that serve every variant, not variants themselves.
function sharedFolders(room) {
  return (require('../architecture.json').shared[room] ?? []).map((folder) => `^lib/${room}/${folder}/`);
}

const packageRules = Object.entries(packages).map(([pattern, allowed]) => ({
  name: `fence-${pattern}`,
  comment: `only ${allowed.join(', ')} may import ${pattern} (architecture.json)`,
  severity: 'error',
  from: { path: '^lib/', pathNot: allowed.map((name) => `^lib/${name}/`) },
  to: { path: `(^|node_modules/)(${pattern.replace(/^\^/, '')})` },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    ...variantRules,
    ...packageRules,
    {
      name: 'no-circular',
      comment: 'two files that import each other are one file, or a third is missing',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-door-inside',
      comment: 'the door is for users; inside, import the file',
      severity: 'error',
      from: { path: '^lib/.+/' },
      to: { path: '^lib/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
