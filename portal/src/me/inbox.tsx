/** What the city and its services told this person. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { cityQuery, inboxQuery, type Message } from "~/api/queries";
import { dateTime } from "~/design/figures";
import { Empty, Loaded, Page, Trouble } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import styles from "./me.module.css";
import { meWords } from "./words";

export default function InboxPage() {
  const t = useWords(meWords);
  const inbox = useQuery(inboxQuery);
  return (
    <Page narrow title={t("inbox")} lead={t("inboxLead")}>
      <Loaded from={inbox} lines={4} height={96}>
        {(messages) =>
          messages.length === 0 ? (
            <Empty icon="inbox" title={t("noMessages")} detail={t("noMessagesDetail")} />
          ) : (
            <ul className={styles.rows}>
              {messages.map((message) => (
                <Letter key={message.id} message={message} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function Letter({ message }: { message: Message }) {
  const t = useWords(meWords);
  const say = useSay();
  const { language } = useLanguage();
  const queries = useQueryClient();
  const zone = useQuery(cityQuery).data?.time_zone;
  const mark = useMutation({
    mutationFn: () =>
      answer(
        city.POST("/api/me/inbox/{message}/read", { params: { path: { message: message.id } } }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: inboxQuery.queryKey }),
  });
  return (
    <li className={styles.message} data-new={!message.read}>
      <strong>{say(message.title)}</strong>
      {message.read ? <span /> : <span className={styles.new}>{t("new")}</span>}
      <p>{say(message.body)}</p>
      <small>{dateTime(message.sent_at, language, zone)}</small>
      {!message.read && (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            loading={mark.isPending}
            onClick={() => mark.mutate()}
          >
            {t("markRead")}
            <span className="unseen">: {say(message.title)}</span>
          </Button>
        </div>
      )}
      {mark.error && <Trouble error={mark.error} />}
    </li>
  );
}
