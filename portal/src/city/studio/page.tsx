/** The scenario studio: the list of scenarios and drafts, or one draft on the map. */
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { cityQuery } from "~/api/queries";
import { Loaded, Page } from "~/design/page";
import { useWords } from "~/words/language";
import { Editor } from "./editor";
import { ScenarioList } from "./list";
import { draftQuery, modelQuery } from "./queries";
import { studioWords } from "./words";

export default function StudioPage() {
  const [params] = useSearchParams();
  const draft = params.get("draft");
  return draft ? <OneDraft key={draft} draft={draft} /> : <ScenarioList />;
}

function OneDraft({ draft }: { draft: string }) {
  const t = useWords(studioWords);
  const found = useQuery(draftQuery(draft));
  const model = useQuery(modelQuery);
  const city = useQuery(cityQuery);
  const waiting = (content: React.ReactNode) => <Page title={t("title")}>{content}</Page>;
  if (found.data && model.data && city.data) {
    return <Editor draft={found.data} model={model.data} city={city.data} />;
  }
  const first = [found, model, city].find(({ error }) => error) ?? found;
  return waiting(
    <Loaded from={{ ...first, data: undefined }} lines={1} height={420}>
      {() => null}
    </Loaded>,
  );
}
