/** From the settings to what concerns one's identity. */
import { isPerson, useSession } from "~/api/session";
import { CardLink } from "~/me/card-link";
import { useWords } from "~/words/language";
import { identityWords } from "./words";

export function IdentityLinks() {
  const t = useWords(identityWords);
  const session = useSession();
  if (!session) return null;
  const mine = isPerson(session);
  return (
    <>
      {mine && (
        <CardLink
          to="/me/credentials"
          icon="key"
          title={t("identity")}
          detail={t("identityDetail")}
        />
      )}
      <CardLink
        to={mine ? "/me/security" : "/city/security"}
        icon="gate"
        title={t("security")}
        detail={t("securityDetail")}
      />
    </>
  );
}
