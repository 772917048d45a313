/** What the city says when it cannot do something (RFC 9457, in two languages). */
import type { Text } from "~/words/language";

export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly title: Text,
    readonly detail: Text,
  ) {
    super(detail.en);
  }

  /** Whether asking again may help: the city was not reachable or is busy. */
  get passing(): boolean {
    return this.status === 0 || this.status === 503;
  }
}

export const UNREACHABLE = new Problem(
  0,
  { ko: "도시와 연결되지 않아요", en: "The city cannot be reached" },
  {
    ko: "인터넷 연결을 확인하고 다시 시도해 주세요. 보낸 요청은 두 번 처리되지 않아요.",
    en: "Check your connection and try again. Nothing you sent is done twice.",
  },
);

/** Without a net, what was loaded can be looked at; whatever is to be done waits for the net. */
export const OFFLINE = new Problem(
  -2,
  { ko: "인터넷에 연결되어 있지 않아요", en: "You are offline" },
  {
    ko: "이 일에는 인터넷이 필요해요. 아무것도 보내지 않았으니, 연결되면 다시 해 주세요.",
    en: "This needs the internet. Nothing was sent; do it again when you are connected.",
  },
);

const UNKNOWN_TITLE: Text = { ko: "요청을 처리하지 못했어요", en: "That did not work" };
const UNKNOWN_DETAIL: Text = {
  ko: "잠시 뒤에 다시 시도해 주세요. 계속되면 도시 운영자에게 알려 주세요.",
  en: "Try again in a moment. If it goes on, tell the city's operator.",
};

function textOf(english: unknown, korean: unknown, otherwise: Text): Text {
  const en = typeof english === "string" && english ? english : "";
  const ko = typeof korean === "string" && korean ? korean : "";
  return en || ko ? { en: en || ko, ko: ko || en } : otherwise;
}

/** Read a problem document, however little of one it is. */
export function problemOf(status: number, body: unknown): Problem {
  const said = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  return new Problem(
    status,
    textOf(said["title"], said["title_ko"], UNKNOWN_TITLE),
    textOf(said["detail"], said["detail_ko"], UNKNOWN_DETAIL),
  );
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(-1, UNKNOWN_TITLE, UNKNOWN_DETAIL);
}
