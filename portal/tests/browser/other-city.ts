/** Another city, as small as one can be: a key, and a log of two facts. It shares no code with ours. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

type Fact = Record<string, string | number>;

const sha256 = (...parts: (Buffer | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

const canonical = (fact: Fact): string =>
  JSON.stringify(Object.fromEntries(Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1))));

export class OtherCity {
  readonly origin = `hapgang/beside-${Date.now().toString(36)}`;
  readonly key: string;
  private readonly secret: KeyObject;
  private readonly id: Buffer;
  private readonly first = sha256(Buffer.of(0), randomBytes(32)); // nobody needs to know what it is

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
    const kind = Buffer.of(1);
    this.secret = privateKey;
    this.id = sha256(`${this.origin}\n`, kind, raw).subarray(0, 4);
    const coded = Buffer.concat([kind, raw]).toString("base64");
    this.key = `${this.origin}+${this.id.toString("hex")}+${coded}`;
  }

  /** Its signature's line under a text. */
  line(text: string): string {
    const signature = sign(null, Buffer.from(text), this.secret);
    return `— ${this.origin} ${Buffer.concat([this.id, signature]).toString("base64")}\n`;
  }

  private checkpoint(size: number, root: Buffer): string {
    const text = `${this.origin}\n${size}\n${root.toString("base64")}\n`;
    return `${text}\n${this.line(text)}`;
  }

  /** The log when it had one fact. */
  get beginning(): string {
    return this.checkpoint(1, this.first);
  }

  /** What a traveller takes along: the log's second fact, and how the log grew. */
  slip(there: string, agreement: string, payee: string, amount_won: number): object {
    const at = new Date();
    const until = new Date(at.getTime() + 86_400_000);
    const fact: Fact = {
      kind: "slip",
      id: `${this.origin}/1`,
      at: at.toISOString(),
      home: this.origin,
      there,
      agreement,
      amount_won,
      payee,
      until: until.toISOString(),
    };
    const salt = randomBytes(32);
    const leaf = sha256(Buffer.of(0), sha256(salt, canonical(fact)));
    const newest = this.checkpoint(2, sha256(Buffer.of(1), this.first, leaf));
    const receipt = {
      fact,
      salt: salt.toString("hex"),
      index: 1,
      size: 2,
      path: [this.first.toString("hex")],
      checkpoint: newest,
    };
    const growth = [{ from: this.beginning, to: newest, path: [leaf.toString("hex")] }];
    return { receipt, growth };
  }
}
