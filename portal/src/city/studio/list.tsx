/** Scenarios of the city and drafts of its people: open one, copy one, take one home as a file. */
import { Badge, Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { answer, city } from "~/api/client";
import { useSession } from "~/api/session";
import { Dialog } from "~/design/dialog";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { useBaseName } from "./base-name";
import {
  BOUNDS,
  download,
  draftsQuery,
  scenariosQuery,
  type Change,
  type Draft,
  type ScenarioInfo,
} from "./queries";
import { RehearsalList } from "./rehearsal-list";
import { RehearseButton } from "./rehearse";
import styles from "./studio.module.css";
import { studioWords } from "./words";

interface Source {
  title: string;
  base: string;
  changes: Change[];
  copied_from: string | null;
}

export function useMayDraw(): boolean {
  const session = useSession();
  return session !== null && session.role in BOUNDS;
}

export function ScenarioList() {
  const t = useWords(studioWords);
  const session = useSession();
  const may = useMayDraw();
  const scenarios = useQuery(scenariosQuery);
  const drafts = useQuery({ ...draftsQuery, enabled: session !== null });
  return (
    <Page title={t("title")} lead={t("lead")}>
      {!session && (
        <p className={styles.hint}>
          <Button component={Link} to="/sign-in" state={{ from: "/city/studio" }}>
            {t("signIn")}
          </Button>
        </p>
      )}
      {session && !may && <p className={styles.hint}>{t("mayNotDraw")}</p>}
      <h2 className={styles.heading}>{t("ofTheCity")}</h2>
      <Loaded from={scenarios} lines={2} height={110}>
        {(all) => (
          <ul className={styles.cards}>
            {all.map((one) => (
              <li key={one.name}>
                <ScenarioCard scenario={one} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {session && (
        <>
          <h2 className={styles.heading}>{t("drafts")}</h2>
          <Loaded from={drafts} lines={2} height={110}>
            {(all) =>
              all.length === 0 ? (
                <Empty icon="route" title={t("noDrafts")} detail={t("noDraftsDetail")} />
              ) : (
                <ul className={styles.cards}>
                  {all.map((one) => (
                    <li key={one.id}>
                      <DraftCard draft={one} />
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
          <RehearsalList />
        </>
      )}
    </Page>
  );
}

function ScenarioCard({ scenario }: { scenario: ScenarioInfo }) {
  const t = useWords(studioWords);
  const say = useSay();
  const { name, changes, services } = scenario;
  const title = say(scenario.title);
  const source = { title, base: name, changes, copied_from: null };
  return (
    <Panel>
      <h3>{title}</h3>
      <p className={styles.facts}>
        {t("changes", { count: changes.length })} · {t("servicesCount", { count: services.length })}
      </p>
      <Ways source={source} file={name} of={name}>
        <RehearseButton scenario={name} title={title} />
      </Ways>
    </Panel>
  );
}

function DraftCard({ draft }: { draft: Draft }) {
  const t = useWords(studioWords);
  const base = useBaseName()(draft.base);
  const { id, title, changes } = draft;
  const source = { title, base: draft.base, changes, copied_from: id };
  return (
    <Panel>
      <h3>
        {title} {draft.mine && <Badge variant="light">{t("mine")}</Badge>}
      </h3>
      <p className={styles.facts}>
        {t("base", { name: base })} · {t("changes", { count: changes.length })} ·{" "}
        {t("versionOf", { version: draft.version })}
      </p>
      <Ways source={source} file={`draft-${id.split(":").at(-1) ?? ""}`} of={id}>
        <Button
          component={Link}
          to={`/city/studio?${new URLSearchParams({ draft: id }).toString()}`}
          size="sm"
        >
          {t("open")}
        </Button>
        {draft.mine && <DeleteButton draft={draft} />}
      </Ways>
    </Panel>
  );
}

function Ways({
  source,
  file,
  of,
  children,
}: {
  source: Source;
  file: string;
  of: string;
  children?: ReactNode;
}) {
  const t = useWords(studioWords);
  const session = useSession();
  const keep = useMutation({ mutationFn: () => download(of, `${file}.toml`) });
  return (
    <>
      <div className={styles.ways}>
        {children}
        <CopyButton source={source} />
        {session && (
          <Button
            size="sm"
            variant="subtle"
            loading={keep.isPending}
            title={t("downloadHelp")}
            onClick={() => keep.mutate()}
          >
            {t("download")}
          </Button>
        )}
      </div>
      {keep.error && <Trouble error={keep.error} />}
    </>
  );
}

export function CopyButton({ source }: { source: Source }) {
  const t = useWords(studioWords);
  const client = useQueryClient();
  const navigate = useNavigate();
  const may = useMayDraw();
  const copy = useMutation({
    mutationFn: () => {
      const title = t("copyOf", { name: source.title }).slice(0, 80);
      return answer(city.POST("/api/scenario-drafts", { body: { ...source, title } }));
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["drafts"], exact: true });
      await navigate(`/city/studio?${new URLSearchParams({ draft: made.id }).toString()}`);
    },
  });
  if (!may) return null;
  return (
    <>
      <Button size="sm" variant="default" loading={copy.isPending} onClick={() => copy.mutate()}>
        {t("copy")}
      </Button>
      {copy.error && <Trouble error={copy.error} />}
    </>
  );
}

function DeleteButton({ draft }: { draft: Draft }) {
  const t = useWords(studioWords);
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () =>
      answer(
        city.DELETE("/api/scenario-drafts/{draft}", { params: { path: { draft: draft.id } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["drafts"], exact: true }),
  });
  return (
    <>
      <Button size="sm" variant="subtle" color="red" onClick={() => setAsking(true)}>
        {t("remove")}
      </Button>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={draft.title}>
        <p>{t("removeSure")}</p>
        {remove.error && <Trouble error={remove.error} />}
        <div className={styles.ways}>
          <Button size="sm" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("remove")}
          </Button>
          <Button size="sm" variant="default" onClick={() => setAsking(false)}>
            {t("keep")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
