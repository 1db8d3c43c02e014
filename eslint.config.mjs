import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "cdktf.out/", "coverage/"] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Messages name counts and times; a number in a template says no less than String(number).
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: "Read the environment at the edge (handler/index.ts and the commands) and pass it in.",
        },
        {
          selector:
            "ObjectExpression > SpreadElement > ConditionalExpression[test.right.type='Identifier'][test.right.name='undefined'] > ObjectExpression[properties.length=0]",
          message:
            "Set the property to undefined instead of leaving it out: { x }, its type `x: T | undefined`. What is sent drops it by itself.",
        },
      ],
    },
  },
  {
    // chai's assertions are getters: `expect(x).to.be.true` is a statement that does something.
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    // Generated: the generator's style.
    files: [
      "envs/environment-file.ts",
      "handler/{ecs-event-message,tenant-row-attributes,transition-data}.ts",
      "local/tenants-file.ts",
    ],
    rules: { "@typescript-eslint/consistent-indexed-object-style": "off" },
  },
  { files: ["**/*.{mjs,cjs}"], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      globals: { console: "readonly", module: "writable", process: "readonly", require: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off", "no-restricted-syntax": "off" },
  },
);
