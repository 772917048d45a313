// A wallet made of libraries that others wrote (@openid4vc, dcql, @sd-jwt) at a city over HTTP.
// It is told what to do a line at a time, so that the city can change in between.
import { createHash, randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
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

const [server, city] = process.argv.slice(2);
const algorithm = "ES256";
const pair = await jose.generateKeyPair(algorithm, { extractable: true });
const publicJwk = await jose.exportJWK(pair.publicKey);
const at = (url) => String(url).replace(city, server);
const ask = (url, init) => fetch(at(url), init);

// The city's key that a token names, as its did:web document has it now.
async function issuerKey(compact) {
  const { kid } = jose.decodeProtectedHeader(compact);
  const document = await (await ask(`${city}/.well-known/did.json`)).json();
  if (!kid.startsWith(`${document.id}#`)) throw new Error(`${kid} is not the city's`);
  return keyOf(document.verificationMethod.find(({ id }) => id === kid).publicKeyMultibase);
}

// Base58 of a multicodec P-256 key, decompressed.
async function keyOf(multibase) {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let number = 0n;
  for (const letter of multibase.slice(1)) number = number * 58n + BigInt(alphabet.indexOf(letter));
  const point = Buffer.from(number.toString(16).padStart(70, "0"), "hex").subarray(2);
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
  const power = (base, exponent) => {
    let [result, square] = [1n, base % p];
    for (let left = exponent; left > 0n; left >>= 1n, square = (square * square) % p) {
      if (left & 1n) result = (result * square) % p;
    }
    return result;
  };
  const x = BigInt(`0x${point.subarray(1).toString("hex")}`);
  const root = power((x ** 3n - 3n * x + b) % p + p, (p + 1n) / 4n);
  const y = (root & 1n) === BigInt(point[0] & 1) ? root : p - root;
  const b64 = (n) => Buffer.from(n.toString(16).padStart(64, "0"), "hex").toString("base64url");
  return jose.importJWK({ kty: "EC", crv: "P-256", x: b64(x), y: b64(y) }, "ES256");
}

const hash = (data, name) => createHash(name.replace("-", "")).update(data).digest();
const holds = async (message, signature) => {
  const compact = `${message}.${signature}`;
  await jose.compactVerify(compact, await issuerKey(compact));
  return true;
};
const signed = async (message) => {
  const [header, payload] = message.split(".").map((part) => jose.base64url.decode(part));
  const made = new jose.CompactSign(payload).setProtectedHeader(
    JSON.parse(new TextDecoder().decode(header)),
  );
  return (await made.sign(pair.privateKey)).split(".")[2];
};
const callbacks = {
  fetch: ask,
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
    const { kid } = jose.decodeProtectedHeader(compact);
    if (signer.method !== "did" || signer.didUrl !== kid) return { verified: false };
    const key = await issuerKey(compact);
    await jose.compactVerify(compact, key);
    return { verified: true, signerJwk: await jose.exportJWK(key) };
  },
};
const sdjwt = new SDJwtVcInstance({
  hasher: (data, name) => hash(typeof data === "string" ? data : Buffer.from(data), name),
  hashAlg: "sha-256",
  verifier: holds,
  saltGenerator: (many) => randomBytes(many).toString("base64url"),
  kbSigner: signed,
  kbSignAlg: algorithm,
  statusListFetcher: async (address) => (await ask(address)).text(),
  statusVerifier: holds,
});
const issuing = new Openid4vciClient({ callbacks });
const asking = new Openid4vpClient({ callbacks });
const held = new Map();

const tasks = {
  async fetch({ offer, pin }) {
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
      accessToken: accessTokenResponse.access_token, proofs: { jwt: [jwt] },
    });
    const { credential } = credentialResponse.credentials[0];
    held.set(credentialConfigurationId, credential);
    return (await sdjwt.verify(credential)).payload;
  },
  async show({ link, frames }) {
    const { params } = asking.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link });
    const resolved = await asking.resolveOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: params,
    });
    const request = resolved.authorizationRequestPayload;
    const query = DcqlQuery.parse(resolved.dcql.query);
    DcqlQuery.validate(query);
    const credentials = await Promise.all([...held.values()].map(async (credential) => ({
      credential_format: "dc+sd-jwt",
      vct: (await sdjwt.decode(credential)).jwt.payload.vct,
      cryptographic_holder_binding: true,
      claims: await sdjwt.getClaims(credential),
    })));
    const found = DcqlQuery.query(query, credentials);
    const payload = {
      iat: Math.floor(Date.now() / 1000), aud: request.client_id, nonce: request.nonce,
    };
    const shown = {};
    for (const { id, meta } of query.credentials) {
      const kind = meta.vct_values[0].split(":")[3];
      shown[id] = [await sdjwt.present(held.get(kind), frames[kind], { kb: { payload } })];
    }
    const response = await asking.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: request,
      authorizationResponsePayload: { vp_token: shown },
    });
    const { response: submitted } = await asking.submitOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: request,
      authorizationResponsePayload: response.authorizationResponsePayload,
    });
    return { status: submitted.status, can: found.can_be_satisfied, purpose: request.purpose };
  },
  async check({ kind }) {
    return sdjwt.verify(held.get(kind)).then(() => "good", (error) => String(error));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { task, ...words } = JSON.parse(line);
  const answer = await tasks[task](words).catch((error) => ({ failed: String(error.stack ?? error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
