// What the type checker does not say: promises nobody waits for, values without a type, sources of chance that no seed
// decides. Layers and cycles are dependency-cruiser's, unused exports knip's, layout prettier's.
import tseslint from 'typescript-eslint';

const noChance = {
  object: 'Math',
  property: 'random',
  message: 'Take numbers from a generator that is passed in and can be saved.',
};

export default tseslint.config(
  { ignores: ['**/dist/', '{envs,agents}/*/lib/', 'coverage/', 'runs/'] },
  {
    files: ['**/*.ts', '**/*.mts', '**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.cjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', 300],
      'no-restricted-properties': ['error', noChance],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      'no-debugger': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // An interface may ask for a promise that one of its implementations has at once.
      '@typescript-eslint/require-await': 'off',
      // tfjs types its results by what the caller says they are.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowArray: true, allowNever: true },
      ],
      // node:test's test() returns a promise that the runner itself waits for.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
    },
  },
  { files: ['test/**'], rules: { '@typescript-eslint/restrict-template-expressions': 'off' } },
  // Plain JavaScript runs before any package is there; its types are JSDoc's, as far as they go.
  { files: ['**/*.mjs', '**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
  // These stand in for packages that are CommonJS.
  { files: ['setup/npm/**'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
