/** One's vouchers: where and until when they count, and paying by one. */
import { Button, NativeSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, city, newKey } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime, number, won } from "~/design/figures";
import { Loaded, Trouble } from "~/design/page";
import { AmountInput, wonOf } from "~/me/pay/amount";
import { CodeField } from "~/me/pay/scan";
import { businessWords } from "~/me/pay/words";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import { Line, Lines, Opened } from "../parts";
import { programmesQuery, vouchersQuery, type Voucher, type VoucherProgramme } from "../queries";
import { useTell } from "../told";
import { useNameOf } from "../use-names";
import { moneyWords } from "../words";
import { moreWords } from "./more-words";
import { Section } from "./section";
import { mineWords } from "./words";

export default function VouchersPage() {
  const t = useWords(mineWords);
  const m = useWords(moreWords);
  const vouchers = useQuery(vouchersQuery);
  const programmes = useQuery(programmesQuery).data;
  return (
    <Section title={t("vouchers")} lead={t("vouchersDetail")}>
      <Loaded from={vouchers} lines={2}>
        {(all) => (
          <Lines
            of={all}
            label={t("vouchers")}
            none={m("noVouchers")}
            noneDetail={m("noVouchersDetail")}
          >
            {(one) => (
              <OneVoucher
                key={one.id}
                one={one}
                programme={programmes?.find(({ id }) => id === one.programme)}
              />
            )}
          </Lines>
        )}
      </Loaded>
    </Section>
  );
}

function OneVoucher({ one, programme }: { one: Voucher; programme: VoucherProgramme | undefined }) {
  const m = useWords(moreWords);
  const { language } = useLanguage();
  const rules = useRules(programme);
  return (
    <Line title={`${programme?.title ?? m("over")} · ${won(one.left_won, language)}`} facts={rules}>
      {programme && one.left_won > 0 && (
        <Opened verb={m("payBy")}>
          <PayBy voucher={one.id} goods={programme.goods} />
        </Opened>
      )}
    </Line>
  );
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Where a programme's vouchers count: shops, kinds of business, a circle. */
function usePlaces(): (programme: VoucherProgramme) => string[] {
  const m = useWords(moreWords);
  const b = useWords(businessWords);
  const { language } = useLanguage();
  const nameOf = useNameOf();
  const kindOf = (kind: string) =>
    kind in businessWords ? b(kind as keyof typeof businessWords) : kind;
  return ({ shops: named, businesses, centre, within_m }) => [
    ...named.map(nameOf),
    ...businesses.map(kindOf),
    ...(centre ? [m("within", { metres: number(within_m, language) })] : []),
  ];
}

/** A programme's rules in words, a line for each. */
function useRules(programme: VoucherProgramme | undefined): string[] {
  const m = useWords(moreWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const places = usePlaces();
  if (!programme) return [];
  const { goods, weekdays, from_hour: from, to_hour: to } = programme;
  const days = weekdays.map((day) => m(DAYS[day - 1] ?? "mon"));
  const times = [
    ...(days.length > 0 ? [days.join(" ")] : []),
    ...(from > 0 || to < 24 ? [m("hours", { from, to })] : []),
  ];
  return [
    `${m("where")}: ${places(programme).join(", ") || m("anywhere")}`,
    `${m("when")}: ${times.join(", ") || m("anytime")}`,
    `${m("what")}: ${goods.join(", ") || m("anything")}`,
    `${m("untilWhen")}: ${dateTime(programme.until, language, zone)}`,
  ];
}

function PayBy({ voucher, goods }: { voucher: string; goods: readonly string[] }) {
  const m = useWords(moreWords);
  const c = useWords(moneyWords);
  const { language } = useLanguage();
  const tell = useTell();
  const form = useRef<HTMLFormElement>(null);
  const queries = useQueryClient();
  const [transfer, setTransfer] = useState(newKey);
  const [payload, setPayload] = useState("");
  const [typed, setTyped] = useState<number | string>("");
  const [what, setWhat] = useState(goods[0] ?? "");
  const amount = wonOf(typed);
  const toldOf = ({ name, amount_won }: { name: string; amount_won: number }) =>
    m("paid", { shop: name, amount: won(amount_won, language) });
  const pay = useMutation({
    mutationFn: (amount_won: number) =>
      answer(
        city.POST("/api/me/vouchers/{voucher}/payments", {
          params: { path: { voucher } },
          body: { payload: payload.trim(), amount_won, transfer, goods: what },
        }),
      ),
    onSuccess: async (paid) => {
      setTransfer(newKey());
      setPayload("");
      setTyped("");
      await queries.invalidateQueries({ queryKey: vouchersQuery.queryKey });
      tell(toldOf(paid), form.current); // what is used up leaves the list
    },
  });
  return (
    <form
      ref={form}
      className={styles.form}
      aria-label={m("payBy")}
      onSubmit={(event) => {
        event.preventDefault();
        if (amount && payload.trim()) pay.mutate(amount);
      }}
    >
      <p className={styles.fine}>{m("payByHelp")}</p>
      <CodeField value={payload} onChange={setPayload} />
      {goods.length > 0 && (
        <NativeSelect
          label={m("goods")}
          value={what}
          data={[...goods]}
          onChange={({ currentTarget }) => setWhat(currentTarget.value)}
        />
      )}
      <AmountInput label={c("amount")} value={typed} onChange={setTyped} />
      <div className={styles.row}>
        <Button type="submit" loading={pay.isPending} disabled={!amount || !payload.trim()}>
          {m("pay", { amount: won(amount ?? 0, language) })}
        </Button>
      </div>
      {pay.data && (
        <p role="status" className={styles.done}>
          {toldOf(pay.data)}
        </p>
      )}
      {pay.error && <Trouble error={pay.error} />}
    </form>
  );
}
