// The house's arrows: src uses agents and envs, and nothing else points from room to room. No cycles anywhere.
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Modules that import each other cannot be read or tested apart: move what both need into a third. Types alone may, as they are gone when the program runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'envs-know-no-other-room',
      comment: 'Where experience comes from depends on nobody who uses it.',
      severity: 'error',
      from: { path: '^envs/' },
      to: { path: '^(agents|src|setup|test)/' },
    },
    {
      name: 'agents-know-no-other-room',
      comment: 'An agent is made from an observation shape and a number of actions; it knows no environment.',
      severity: 'error',
      from: { path: '^agents/' },
      to: { path: '^(envs|src|setup|test)/' },
    },
    {
      name: 'src-does-not-know-setup-or-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(setup|test)/' },
    },
    {
      name: 'nobody-uses-commands',
      comment: 'A command parses, calls and prints. What others need of one belongs into the room that it is about.',
      severity: 'error',
      from: { path: '^(src|agents|envs)/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'setup-needs-nothing-installed',
      comment:
        'It runs before any package is there. It builds through the build.mjs of the rooms, found by path; tsx it uses once all is installed.',
      severity: 'error',
      from: { path: '^setup/' },
      to: { path: '^(agents|envs|src|test|node_modules)/', pathNot: '^node_modules/tsx/' },
    },
    {
      name: 'workspaces-stand-alone',
      comment: 'gym-js and ale-wasm could be published alone tomorrow: no relative import leaves them.',
      severity: 'error',
      from: { path: '^envs/(gym-js|ale-wasm)/' },
      to: { path: '^(agents|envs|src|setup|test)/', pathNot: '^envs/$1/' },
    },
    {
      name: 'workspaces-by-their-name',
      comment: 'Others use a workspace as a package, through its entry, as they would from the registry.',
      severity: 'error',
      from: { pathNot: '^envs/(gym-js|ale-wasm)/|^test/' },
      to: { path: '^envs/(gym-js|ale-wasm)/', dependencyTypesNot: ['aliased-workspace'] },
    },
    {
      name: 'only-kernels-know-the-backend',
      comment: "Which TensorFlow runs, and how it is loaded, is one room's business.",
      severity: 'error',
      from: { pathNot: '^agents/kernels/|^test/' },
      to: { path: '^node_modules/@tensorflow/tfjs-node' },
    },
    {
      name: 'only-agents-and-the-trainer-know-tfjs',
      severity: 'error',
      from: { path: '^envs/' },
      to: { path: '^node_modules/@tensorflow/' },
    },
    { name: 'everything-is-found', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|^(envs|agents)/[^/]+/lib/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
