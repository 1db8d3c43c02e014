import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

/** A deployment, with the states that it was given. */
interface Deployment {
  id: number;
  ref: string;
  environment: string;
  states: string[];
}

interface Issue {
  number: number;
  user?: { type: string };
  title: string;
  body: string;
  state: string;
  labels: { name: string }[];
}

/** As much of GitHub's API as the steps use, over HTTP. */
export interface GitHubServer {
  readonly variables: Readonly<Record<string, string>>;
  readonly comments: Comment[];
  readonly issues: Issue[];
  /** How commits stand to each other, by `base...head`: GitHub's word for it. Others GitHub does not know. */
  readonly comparisons: Map<string, string>;
  readonly deployments: Deployment[];
  /** Answers to further requests, by `GET /repos/owner/repo/…`. */
  readonly answers: Map<string, unknown>;
  /** What was sent to change something, in order. */
  readonly changes: { readonly request: string; readonly body: Readonly<Record<string, unknown>> }[];
  readonly close: () => Promise<void>;
}

const PAGE = 100;

export const startGitHub = async (): Promise<GitHubServer> => {
  const comments: Comment[] = [];
  const issues: Issue[] = [];
  const comparisons = new Map<string, string>();
  const deployments: Deployment[] = [];
  const answers = new Map<string, unknown>();
  const changes: GitHubServer["changes"] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://github");
      const sent = await text(request);
      const body = (sent === "" ? {} : JSON.parse(sent)) as Record<string, string>;
      const id = Number(pathname.split("/").at(-1));
      const answer = (status: number, content: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
      };
      const page = Number(searchParams.get("page") ?? 1);
      const listed = (all: readonly unknown[]): void => {
        if (all.length > page * PAGE)
          response.setHeader("link", `<${url}${pathname}?${nextPage(searchParams, page)}>; rel="next"`);
        answer(200, all.slice((page - 1) * PAGE, page * PAGE));
      };
      if (request.headers.authorization !== "token a-token") {
        answer(401, { message: "Bad credentials" });
        return;
      }
      if (request.method !== "GET") changes.push({ request: `${request.method} ${pathname}`, body });
      if (answers.has(`${request.method} ${pathname}`)) {
        answer(200, answers.get(`${request.method} ${pathname}`));
        return;
      }
      const [, compared] = /^\/repos\/owner\/repo\/compare\/(.+)$/.exec(pathname) ?? [];
      if (request.method === "GET" && compared !== undefined) {
        const status = comparisons.get(decodeURIComponent(compared));
        if (status === undefined) answer(404, { message: "Not Found" });
        else answer(200, { status });
        return;
      }
      switch (`${request.method} ${pathname.replace(/\d+/g, "N")}`) {
        case "GET /repos/owner/repo/issues/N/comments":
          listed(comments);
          return;
        case "POST /repos/owner/repo/issues/N/comments":
          comments.push({ id: comments.length + 1, body: body["body"] ?? "", user: { type: "Bot" } });
          answer(201, comments.at(-1));
          return;
        case "PATCH /repos/owner/repo/issues/comments/N":
          Object.assign(comments.find((comment) => comment.id === id) ?? {}, body);
          answer(200, {});
          return;
        case "GET /repos/owner/repo/issues":
          listed(issues.filter(({ state }) => state === searchParams.get("state")));
          return;
        case "POST /repos/owner/repo/issues":
          issues.push({
            number: issues.length + 1,
            title: body["title"] ?? "",
            body: body["body"] ?? "",
            state: "open",
            user: { type: "Bot" },
            labels: [{ name: String(body["labels"]) }],
          });
          answer(201, issues.at(-1));
          return;
        case "PATCH /repos/owner/repo/issues/N":
          Object.assign(issues.find(({ number }) => number === id) ?? {}, body);
          answer(200, {});
          return;
        case "POST /repos/owner/repo/deployments":
          deployments.push({
            id: deployments.length + 1,
            ref: body["ref"] ?? "",
            environment: body["environment"] ?? "",
            states: [],
          });
          answer(201, deployments.at(-1));
          return;
        case "POST /repos/owner/repo/deployments/N/statuses":
          deployments
            .find((deployment) => deployment.id === Number(pathname.split("/").at(-2)))
            ?.states.push(body["state"] ?? "");
          answer(201, {});
          return;
        default:
          answer(404, { message: `Not Found: ${request.method} ${pathname}` });
      }
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: {
      GITHUB_API_URL: url,
      GITHUB_TOKEN: "a-token",
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "owner/repo",
      GITHUB_RUN_ID: "42",
      GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567",
      GITHUB_ACTOR: "someone",
    },
    comments,
    issues,
    comparisons,
    deployments,
    answers,
    changes,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
};

const nextPage = (searchParams: URLSearchParams, page: number): string =>
  new URLSearchParams({ ...Object.fromEntries(searchParams), page: String(page + 1) }).toString();
