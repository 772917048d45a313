/** A shop's books: takings of a day, what is given back, cash-out, and who keeps it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { won } from "~/design/figures";
import { Empty, Loaded, Page } from "~/design/page";
import { shopsQuery } from "~/me/pay/queries";
import { payWords } from "~/me/pay/words";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import { Told } from "../told";
import { CashOuts } from "./cash";
import { Keepers } from "./keepers";
import { Takings } from "./takings";
import { shopWords } from "./words";

export default function ShopBooksPage() {
  const t = useWords(shopWords);
  const p = useWords(payWords);
  const { language } = useLanguage();
  const { shop = "" } = useParams();
  const shops = useQuery(shopsQuery);
  const mine = shops.data?.find((one) => one.shop.id === shop);
  const till = <Link to={`/me/shops/${encodeURIComponent(shop)}`}>{t("toTill")}</Link>;
  return (
    <Page
      narrow
      title={mine ? `${mine.shop.name}: ${t("books")}` : t("books")}
      lead={mine ? `${p("inTill")}: ${won(mine.balance_won, language)}` : ""}
      beside={till}
    >
      <Loaded from={shops} lines={3}>
        {() =>
          mine ? (
            <div className={styles.parts}>
              <Told>
                <Takings shop={shop} />
                {mine.duty === "owner" && <CashOuts shop={shop} />}
                <Keepers shop={shop} isOwner={mine.duty === "owner"} />
              </Told>
            </div>
          ) : (
            <Empty icon="wallet" title={p("noSuchShop")} detail={p("noSuchShopDetail")} />
          )
        }
      </Loaded>
    </Page>
  );
}
