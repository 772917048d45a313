// A wallet made of libraries that others wrote: @openid4vc, dcql and @sd-jwt.
// It fetches a credential that it was offered, and answers a question with one claim of it.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.HAPGANG_WALLET_NODE_MODULES}/x.js`);
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { Openid4vciClient } = await load("@openid4vc/openid4vci");
const { Openid4vpClient } = await load("@openid4vc/openid4vp");
const { clientAuthenticationAnonymous } = await load("@openid4vc/oauth2");
const { DcqlQuery } = await load("dcql");
const { SDJwtVcInstance } = await load("@sd-jwt/sd-jwt-vc");
const jose = await load("jose");

const told = JSON.parse(readFileSync(0, "utf8"));
const { server, city, offer, pin, question, issuerJwk, curve } = told;
const algorithm = curve === "Ed25519" ? "EdDSA" : "ES256";
const pair = await jose.generateKeyPair(algorithm, { extractable: true });
const publicJwk = await jose.exportJWK(pair.publicKey);
const issuerKey = await jose.importJWK(issuerJwk, "ES256");

const hash = (data, name) => createHash(name.replace("-", "")).update(data).digest();
const bytes = (text) => (typeof text === "string" ? Buffer.from(text) : Buffer.from(text));
const signed = async (message) => {
  const [header, payload] = message.split(".").map((part) => jose.base64url.decode(part));
  const made = new jose.CompactSign(payload).setProtectedHeader(
    JSON.parse(new TextDecoder().decode(header)),
  );
  return (await made.sign(pair.privateKey)).split(".")[2];
};
const holds = async (message, signature) => {
  const [header, payload] = message.split(".");
  await jose.compactVerify(`${header}.${payload}.${signature}`, issuerKey);
  return true;
};
const callbacks = {
  fetch: (url, init) => fetch(String(url).replace(city, server), init),
  hash,
  generateRandom: (many) => randomBytes(many),
  clientAuthentication: clientAuthenticationAnonymous(),
  decryptJwe: () => ({ decrypted: false }),
  encryptJwe: () => { throw new Error("nothing is encrypted"); },
  signJwt: async (signer, { header, payload }) => ({
    jwt: await new jose.SignJWT(payload).setProtectedHeader(header).sign(pair.privateKey),
    signerJwk: publicJwk,
  }),
  verifyJwt: async (signer, { compact }) => {
    if (signer.method !== "did" || !signer.didUrl.startsWith("did:web:city.example#")) {
      return { verified: false };
    }
    await jose.compactVerify(compact, issuerKey);
    return { verified: true, signerJwk: issuerJwk };
  },
};

// 1. Fetch what was offered.
const issuing = new Openid4vciClient({ callbacks });
const credentialOffer = await issuing.resolveCredentialOffer(offer);
const issuerMetadata = await issuing.resolveIssuerMetadata(credentialOffer.credential_issuer);
const { accessTokenResponse } = await issuing.retrievePreAuthorizedCodeAccessTokenFromOffer({
  credentialOffer, issuerMetadata, txCode: pin,
});
const { c_nonce: nonce } = await issuing.requestNonce({ issuerMetadata });
const credentialConfigurationId = credentialOffer.credential_configuration_ids[0];
const { jwt } = await issuing.createCredentialRequestJwtProof({
  issuerMetadata, credentialConfigurationId, nonce,
  signer: { method: "jwk", publicJwk, alg: algorithm },
});
const { credentialResponse } = await issuing.retrieveCredentials({
  issuerMetadata, credentialConfigurationId,
  accessToken: accessTokenResponse.access_token,
  proofs: { jwt: [jwt] },
});
const { credential } = credentialResponse.credentials[0];

// 2. Check it, its status list included.
const sdjwt = new SDJwtVcInstance({
  hasher: (data, name) => hash(bytes(data), name),
  hashAlg: "sha-256",
  verifier: holds,
  saltGenerator: (many) => randomBytes(many).toString("base64url"),
  kbSigner: signed,
  kbSignAlg: algorithm,
  statusListFetcher: async (address) => (await callbacks.fetch(address)).text(),
  statusVerifier: holds,
});
const checked = await sdjwt.verify(credential);

// 3. Read the question, see that the credential answers it, and show the one claim.
const asking = new Openid4vpClient({ callbacks });
const { params } = asking.parseOpenid4vpAuthorizationRequest({ authorizationRequest: question });
const resolved = await asking.resolveOpenId4vpAuthorizationRequest({
  authorizationRequestPayload: params,
});
const request = resolved.authorizationRequestPayload;
const query = DcqlQuery.parse(resolved.dcql.query);
DcqlQuery.validate(query);
const found = DcqlQuery.query(query, [{
  credential_format: "dc+sd-jwt",
  vct: checked.payload.vct,
  cryptographic_holder_binding: true,
  claims: await sdjwt.getClaims(credential),
}]);
const shown = await sdjwt.present(credential, { age_equal_or_over: { 18: true } }, {
  kb: {
    payload: { iat: Math.floor(Date.now() / 1000), aud: request.client_id, nonce: request.nonce },
  },
});
const response = await asking.createOpenid4vpAuthorizationResponse({
  authorizationRequestPayload: request,
  authorizationResponsePayload: { vp_token: { [query.credentials[0].id]: [shown] } },
});
const submitted = await asking.submitOpenid4vpAuthorizationResponse({
  authorizationRequestPayload: request,
  authorizationResponsePayload: response.authorizationResponsePayload,
});

// 4. Revoked a moment ago: their verifier hears of it by our list.
await fetch(`${server}/revoke`, { method: "POST" });
const revoked = await sdjwt.verify(credential).then(() => "still good", (error) => String(error));
process.stdout.write(JSON.stringify({
  publicJwk,
  revoked,
  status: submitted.response.status,
  answered: found.can_be_satisfied,
  claims: checked.payload.age_equal_or_over,
}));
