import { expect } from "chai";
import { Lazy } from "cdktf";
import { createApp } from "../../stacks/create-app.ts";

describe("createApp", () => {
  it("lets cdktf keep no stack trace of a reference", () => {
    createApp();
    expect(Lazy.anyValue({ produce: () => 1 }).creationStack).to.deep.equal([]);
  });

  it("leaves an error of a program its own", () => {
    createApp();
    expect(new Error("x").stack).to.include("create-app.test.ts");
  });
});
