/** Shops that wait to be let in. */
import { useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime } from "~/design/figures";
import { Loaded } from "~/design/page";
import { businessWords } from "~/me/pay/words";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import { Act, Line, Lines } from "../parts";
import { waitingShopsQuery } from "../queries";
import { officeWords } from "./words";

export function Shops() {
  const t = useWords(officeWords);
  const b = useWords(businessWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const shops = useQuery(waitingShopsQuery);
  const admit = (shop: string, is_local: boolean) =>
    answer(
      city.POST("/api/shops/{shop}/admit", { params: { path: { shop } }, body: { is_local } }),
    );
  const refresh = [waitingShopsQuery.queryKey, ["shops"]];
  return (
    <>
      <p className={styles.fine}>{t("admitHelp")}</p>
      <Loaded from={shops} lines={2}>
        {(all) => (
          <Lines of={all} label={t("shops")} none={t("noShops")} noneDetail={t("noShopsDetail")}>
            {({ id, name, business, opened_at }) => (
              <Line
                key={id}
                title={name}
                facts={[
                  t("business", {
                    name:
                      business in businessWords
                        ? b(business as keyof typeof businessWords)
                        : business,
                  }),
                  t("appliedAt", { at: dateTime(opened_at, language, zone) }),
                ]}
              >
                <div className={styles.row}>
                  <Act
                    verb={t("admitLocal")}
                    what={name}
                    refresh={refresh}
                    send={() => admit(id, true)}
                  />
                  <Act
                    quiet
                    verb={t("admitOther")}
                    what={name}
                    refresh={refresh}
                    send={() => admit(id, false)}
                  />
                </div>
              </Line>
            )}
          </Lines>
        )}
      </Loaded>
    </>
  );
}
