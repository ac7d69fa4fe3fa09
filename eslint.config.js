import eslint from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** Forbids imports that would make data flow upwards (the house in CONTRIBUTING.md). */
const forbidImports = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
})

export default defineConfig(
  globalIgnores(['dist', 'build', 'coverage', 'reports', 'dev/bench/sdk/node_modules']),
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-confusing-void-expression': 'off', // `return fail(…)` says that it ends there
    },
  },
  { rules: { eqeqeq: 'error', 'no-console': 'error' } },
  { files: ['dev/**'], rules: { 'no-console': 'off' } },
  { files: ['dev/bench/**/*.js'], languageOptions: { globals: { fetch: 'readonly' } } },
  forbidImports(['src/sailpoint/**'], {
    group: ['@actions/core', '**/report/**', '**/campaign/**', '**/list/**', '**/inputs/**'],
    message: 'src/sailpoint/ is the ISC API and nothing of GitHub.',
  }),
  forbidImports(['src/report/**'], {
    group: ['@actions/http-client', '**/sailpoint/**', '**/campaign/**', '**/list/**', '**/inputs/**'],
    message: 'src/report/ knows no HTTP and nothing of how a run is done.',
  }),
  forbidImports(['src/campaign/**', 'src/list/**', 'src/policy/**'], {
    group: ['@actions/core', '@actions/http-client', '**/report/**', '**/inputs/**'],
    message: 'Only main.ts knows both the run and its reports.',
  }),
)
