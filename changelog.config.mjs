// npm run changelog: the conventional commits of the branch. There are no tags and no version numbers, as a release is its CodeSha256,
// and no hashes, which a rebase changes.
import createPreset from "conventional-changelog-conventionalcommits";

const preset = await createPreset({
  types: [
    { type: "feat", section: "Added" },
    { type: "fix", section: "Fixed" },
    { type: "perf", section: "Faster" },
    // Shown when somebody has to do something about it, and not else.
    ...["refactor", "build", "ci", "chore"].map((type) => ({ type, section: "Changed", hidden: true })),
  ],
});

export default {
  ...preset,
  writer: {
    ...preset.writer,
    headerPartial: "# Changelog\n\nWritten by `npm run changelog` from the commits, newest first.\n\n",
    commitPartial:
      "- {{committerDate}} {{#if scope}}**{{scope}}**: {{/if}}{{#if subject}}{{subject}}{{else}}{{header}}{{/if}}\n",
    commitsSort: (a, b) => b.committerDate.localeCompare(a.committerDate),
  },
};
