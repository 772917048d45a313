/** The shops that somebody keeps, and applying for one. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { won } from "~/design/figures";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import { CardLink } from "~/me/card-link";
import { moneyWords } from "~/money/words";
import { useLanguage, useWords } from "~/words/language";
import styles from "./pay.module.css";
import { applyFor, shopsQuery } from "./queries";
import { businessWords, payWords } from "./words";

const MOST_NAME = 80; // letters, as the city takes it

export default function ShopsPage() {
  const t = useWords(payWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const shops = useQuery(shopsQuery);
  return (
    <Page
      narrow
      title={t("shops")}
      lead={t("shopsLead")}
      beside={<Link to="/me/wallet">{m("toWallet")}</Link>}
    >
      <div className={styles.form}>
        <Loaded from={shops} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon="wallet" title={t("noShops")} detail={t("noShopsDetail")} />
            ) : (
              all.map(({ shop, balance_won }) =>
                shop.state === "open" ? (
                  <CardLink
                    key={shop.id}
                    to={`/me/shops/${encodeURIComponent(shop.id)}`}
                    icon="wallet"
                    title={shop.name}
                    detail={`${t("inTill")}: ${won(balance_won, language)}`}
                  />
                ) : (
                  <Panel key={shop.id} label={shop.name}>
                    <p className={styles.whom}>{shop.name}</p>
                    <p>{t(`state_${shop.state}`)}</p>
                  </Panel>
                ),
              )
            )
          }
        </Loaded>
        <Panel label={t("apply")}>
          <Apply />
        </Panel>
      </div>
    </Page>
  );
}

function Apply() {
  const t = useWords(payWords);
  const b = useWords(businessWords);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [business, setBusiness] = useState("56");
  const apply = useMutation({
    mutationFn: () => applyFor(name.trim(), business),
    onSuccess: () => queries.invalidateQueries({ queryKey: shopsQuery.queryKey }),
  });
  const kinds = Object.keys(businessWords) as (keyof typeof businessWords)[];
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) apply.mutate();
      }}
    >
      <TextInput
        label={t("shopName")}
        value={name}
        maxLength={MOST_NAME}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <NativeSelect
        label={t("business")}
        value={business}
        onChange={({ currentTarget }) => setBusiness(currentTarget.value)}
        data={kinds.map((value) => ({ value, label: b(value) }))}
      />
      <Button type="submit" loading={apply.isPending} disabled={!name.trim()}>
        {t("apply")}
      </Button>
      {apply.isSuccess && <p role="status">{t("applied")}</p>}
      {apply.error && <Trouble error={apply.error} />}
    </form>
  );
}
