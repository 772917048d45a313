/** From the settings to what concerns one's identity. */
import { isPerson, useSession } from "~/api/session";
import { CardLink } from "~/me/card-link";
import { useWords } from "~/words/language";
import { identityWords } from "./words";

export function IdentityLinks() {
  const t = useWords(identityWords);
  const session = useSession();
  if (!isPerson(session)) return null;
  return (
    <>
      <CardLink
        to="/me/credentials"
        icon="key"
        title={t("identity")}
        detail={t("identityDetail")}
      />
      <CardLink to="/me/security" icon="gate" title={t("security")} detail={t("securityDetail")} />
    </>
  );
}
