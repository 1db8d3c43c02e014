import { histories, lives } from "../handler/histories.ts";
import { checkExactMemory } from "../handler/whole-history.ts";

const RUNS = 60_000;

/** `npm run soak` */
describe("a row's memory folds to what the whole history folds to, however it was delivered", () => {
  it(`for ${RUNS} random histories`, () => {
    checkExactMemory(histories(14), RUNS);
  });

  it(`for ${RUNS} lives as ECS tells them`, () => {
    checkExactMemory(lives, RUNS);
  });
});
