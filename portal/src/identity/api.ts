/** What the pages of identity ask the city. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";
import type { Text } from "~/words/language";
import type { Json } from "./wallet/jose";

type Schemas = components["schemas"];
export type SignedIn = Schemas["SignedIn"];
export type Device = Schemas["SignInKeyView"];
export type OpenSession = Schemas["SessionView"];
export type IssuedCredential = Schemas["MyCredential"];
export type MyAttestation = Schemas["Attested"];
export type MadeOffer = Schemas["OfferedCredential"];
export type Delegation = Schemas["DelegationView"];
export type Registration = Schemas["Registration"];
export type Enrolment = Schemas["EnrolmentCode"];
export type Question = Schemas["QuestionView"];
export type CredentialKind = IssuedCredential["kind"];
export type Relation = Delegation["relation"];

/** A list that the schema leaves open, or what is in it. */
const told = <T>(asked: Promise<unknown>): Promise<T> => asked as Promise<T>;
/** An object that the schema leaves open. */
const open = (json: Json): Record<string, never> => json as Record<string, never>;

export const beginPasskey = () => answer(city.POST("/api/sign-in/passkey/options"));
export const endPasskey = (attempt: string, given: Json) =>
  answer(city.POST("/api/sign-in/passkey", { body: { attempt, answer: open(given) } }));

export type Way = "enrol" | "recovery";
interface NewKey {
  attempt: string;
  code: string;
  answer: Json;
  label: string;
}
export const beginByCode = (way: Way, code: string) =>
  way === "enrol"
    ? answer(city.POST("/api/sign-in/enrol/options", { body: { code } }))
    : answer(city.POST("/api/sign-in/recovery/options", { body: { code } }));
export const endByCode = (way: Way, { answer: given, ...rest }: NewKey) => {
  const body = { ...rest, answer: open(given) };
  return way === "enrol"
    ? answer(city.POST("/api/sign-in/enrol", { body }))
    : answer(city.POST("/api/sign-in/recovery", { body }));
};
export const signOutOfCity = () => answer(city.POST("/api/sign-out"));

export const devicesQuery = queryOptions({
  queryKey: ["me", "passkeys"],
  queryFn: ({ signal }) => told<Device[]>(answer(city.GET("/api/me/passkeys", { signal }))),
});
export const beginDevice = () => answer(city.POST("/api/me/passkeys/options"));
export const addDevice = (attempt: string, given: Json, label: string) =>
  answer(city.POST("/api/me/passkeys", { body: { attempt, answer: open(given), label } }));
export const removeDevice = (key: string) =>
  answer(city.DELETE("/api/me/passkeys/{key}", { params: { path: { key } } }));

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: ({ signal }) => told<OpenSession[]>(answer(city.GET("/api/me/sessions", { signal }))),
});
export const endSessionOf = (session: string) =>
  answer(city.DELETE("/api/me/sessions/{session}", { params: { path: { session } } }));
export const endOthers = () => answer(city.DELETE("/api/me/sessions"));

export const makeRecoveryCodes = () => answer(city.POST("/api/me/recovery-codes"));
export const reportLost = () => answer(city.POST("/api/me/lost"));

export const registrationQuery = queryOptions({
  queryKey: ["me", "registration"],
  queryFn: ({ signal }) =>
    told<Registration | null>(answer(city.GET("/api/me/registration", { signal }))),
});
export const attestationsQuery = queryOptions({
  queryKey: ["me", "attestations"],
  queryFn: ({ signal }) =>
    told<MyAttestation[]>(answer(city.GET("/api/me/attestations", { signal }))),
});
export const issuedCredentials = () =>
  told<IssuedCredential[]>(answer(city.GET("/api/me/credentials")));
export const issuedQuery = queryOptions({
  queryKey: ["me", "credentials"],
  queryFn: issuedCredentials,
});
export type Change = "suspend" | "resume" | "revoke";
export const changeCredential = (credential: string, how: Change) =>
  answer(
    city.POST(`/api/me/credentials/{credential}/${how}`, { params: { path: { credential } } }),
  );
export const makeOffer = (kind: CredentialKind, attested?: string) =>
  answer(city.POST("/api/me/credential-offers", { body: { kind, attested: attested ?? null } }));

export const powersQuery = queryOptions({
  queryKey: ["me", "powers"],
  queryFn: ({ signal }) => told<Delegation[]>(answer(city.GET("/api/me/powers", { signal }))),
});
export const delegationsQuery = queryOptions({
  queryKey: ["me", "delegations"],
  queryFn: ({ signal }) => told<Delegation[]>(answer(city.GET("/api/me/delegations", { signal }))),
});
export const beginActing = (power: string) =>
  answer(city.POST("/api/me/acting", { body: { power } }));
export const giveDelegation = (to: string, actions: string[], until: string) =>
  answer(
    city.POST("/api/me/delegations", {
      body: { to, actions, until, relation: "carer", further: 0, power: null },
    }),
  );
export const takeBack = (delegation: string) =>
  answer(city.DELETE("/api/me/delegations/{delegation}", { params: { path: { delegation } } }));

export const askQuestion = (purpose: Text, needs: string[]) =>
  answer(city.POST("/api/questions", { body: { purpose, needs, dcql: null } }));
export const questionQuery = (question: string) =>
  queryOptions({
    queryKey: ["question", question],
    queryFn: ({ signal }) =>
      told<Question>(
        answer(city.GET("/api/questions/{question}", { params: { path: { question } }, signal })),
      ),
    refetchInterval: ({ state }) => (state.data && state.data.state !== "open" ? false : 1_000),
    staleTime: 0,
  });

export const findRegistered = (query: { name?: string; person?: string }) =>
  told<Registration[]>(
    answer(city.POST("/api/register/search", { body: { person: "", name: "", ...query } })),
  );
export type Entry = Pick<Registration, "name" | "born" | "living_zone" | "since">;
export const register = (entry: Entry, person: string | null) =>
  answer(city.POST("/api/register", { body: { ...entry, person, walking: null, home: null } }));
export const attest = (person: string, kind: MyAttestation["kind"], said: Json, until?: string) =>
  answer(
    city.POST("/api/attestations", {
      body: { person, kind, said: open(said), until: until ?? null },
    }),
  );
export const makeOfferFor = (person: string, kind: CredentialKind) =>
  answer(
    city.POST("/api/register/{person}/credential-offers", {
      params: { path: { person } },
      body: { kind, attested: null },
    }),
  );
export const issuedTo = (person: string) =>
  told<IssuedCredential[]>(
    answer(city.GET("/api/register/{person}/credentials", { params: { path: { person } } })),
  );
export const revokeFor = (credential: string, reason: string) =>
  answer(
    city.POST("/api/credentials/{credential}/status", {
      params: { path: { credential } },
      body: { status: "revoked", reason },
    }),
  );
export const enrol = (person: string, lost: boolean) =>
  answer(city.POST("/api/enrolments", { body: { person, lost } }));
export const enterGuardian = (
  person: string,
  guardian: string,
  relation: Exclude<Relation, "company">,
  actions: string[],
  until: string,
) =>
  answer(
    city.POST("/api/register/{person}/guardians", {
      params: { path: { person } },
      body: { guardian, relation, actions, until },
    }),
  );

export const guardiansOf = (person: string) =>
  told<Delegation[]>(
    answer(city.GET("/api/register/{person}/guardians", { params: { path: { person } } })),
  );
