/** Who may charge and refund at a shop. */
import { useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { Loaded, Panel } from "~/design/page";
import { useWords } from "~/words/language";
import { FieldsForm } from "../form";
import styles from "../money.module.css";
import { shortName } from "../names";
import { Act, Line } from "../parts";
import { keepersQuery } from "../queries";
import { moneyWords } from "../words";
import { shopWords } from "./words";

export function Keepers({ shop, isOwner }: { shop: string; isOwner: boolean }) {
  const t = useWords(shopWords);
  const m = useWords(moneyWords);
  const keepers = useQuery(keepersQuery(shop));
  const refresh = [keepersQuery(shop).queryKey];
  return (
    <Panel>
      <section className={styles.form} aria-label={t("people")}>
        <h2>{t("people")}</h2>
        <Loaded from={keepers} lines={1}>
          {(all) => (
            <ul className={styles.list}>
              {all.map(({ id, person, duty }) => (
                <Line
                  key={id}
                  title={shortName(person)}
                  state={t(duty === "owner" ? "owner" : "till")}
                >
                  {isOwner && duty !== "owner" && (
                    <div className={styles.row}>
                      <Act
                        quiet
                        again
                        verb={t("letOut")}
                        what={shortName(person)}
                        refresh={refresh}
                        send={() =>
                          answer(
                            city.DELETE("/api/shops/{shop}/keepers/{person}", {
                              params: { path: { shop, person } },
                            }),
                          )
                        }
                      />
                    </div>
                  )}
                </Line>
              ))}
            </ul>
          )}
        </Loaded>
        {isOwner && (
          <FieldsForm
            lead={t("letInHelp")}
            fields={[{ name: "who", label: t("who"), help: m("whomHelp") }]}
            verb={t("letIn")}
            done={t("isIn")}
            refresh={refresh}
            send={(said) =>
              answer(
                city.POST("/api/shops/{shop}/keepers", {
                  params: { path: { shop } },
                  body: { person: said.id("who") },
                }),
              )
            }
          />
        )}
      </section>
    </Panel>
  );
}
