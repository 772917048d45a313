/** What changes in the city while one looks: server-sent events, read with the caller's rights. */
import { useEffect } from "react";
import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { authorization } from "~/api/client";
import { useSession } from "~/api/session";

export interface Updated {
  type: "updated";
  entity_type: string;
  id: string;
}

const LONGEST_PAUSE_MS = 30_000;

/** The events in a piece of a stream, and what is left of the last, unfinished one. */
export function readEvents(text: string): { events: Updated[]; rest: string } {
  const blocks = text.replace(/\r\n/g, "\n").split("\n\n");
  const rest = blocks.pop() ?? "";
  const events = blocks.flatMap((block) => {
    const data = block
      .split("\n")
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice(5).trimStart())
      .join("\n");
    return data ? [JSON.parse(data) as Updated] : [];
  });
  return { events, rest };
}

async function follow(signal: AbortSignal, heard: (event: Updated) => void): Promise<void> {
  const response = await fetch("/api/live", { headers: authorization(), signal });
  if (!response.ok || !response.body) throw new Error(`live: ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const read = readEvents(rest + value);
    rest = read.rest;
    read.events.forEach(heard);
  }
}

/** Follow until aborted, and come back after ever longer pauses when the line breaks. */
async function keepFollowing(signal: AbortSignal, heard: (event: Updated) => void): Promise<void> {
  let pauseMs = 1_000;
  while (!signal.aborted) {
    const began = performance.now();
    await follow(signal, heard).catch(() => undefined);
    pauseMs = performance.now() - began > LONGEST_PAUSE_MS ? 1_000 : pauseMs * 2;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, LONGEST_PAUSE_MS)));
  }
}

/** Read again what is on screen when the city changes what it came from. */
export function useLive(watched: Readonly<Record<string, readonly QueryKey[]>>): void {
  const queries = useQueryClient();
  const token = useSession()?.token;
  useEffect(() => {
    if (!token) return undefined;
    const stop = new AbortController();
    const stale = new Set<QueryKey>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      for (const queryKey of stale) void queries.invalidateQueries({ queryKey });
      stale.clear();
      timer = undefined;
    };
    void keepFollowing(stop.signal, (event) => {
      for (const key of watched[event.entity_type] ?? []) stale.add(key);
      if (stale.size > 0) timer ??= setTimeout(refresh, 1_000);
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [queries, token, watched]);
}
