import eslint from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

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
  {
    files: ['dev/bench/**/*.js', 'dev/external-checks/**/*.js'],
    languageOptions: { globals: { fetch: 'readonly' } },
  },
)
