/**
 * Proofs that one of several pairs has equal logs (docs/ballots.md, 2; Chaum and Pedersen 1992;
 * Cramer, Damgård and Schoenmakers 1994), and that somebody knows a log (Schnorr 1989).
 */
import {
  challenge,
  drawn,
  hidden,
  mod,
  Point,
  scalar,
  shown,
  times,
  written,
  type GroupPoint,
  type Word,
} from "./group";

export type Branch = [challenge: string, response: string];

/** A base, X, and the Ys of which one is to be shown to have the same log as X. */
export interface Claim {
  words: readonly Word[];
  base: GroupPoint;
  x: GroupPoint;
  ys: readonly GroupPoint[];
}

/** rG - cX and rP - cY: what the prover must have said first. All of it is public. */
function announced({ base, x }: Claim, y: GroupPoint, [c, r]: readonly [bigint, bigint]): string[] {
  return [shown(Point.BASE.mulAddUnsafe(r, x, mod(-c))), shown(base.mulAddUnsafe(r, y, mod(-c)))];
}

/** Prove that the Y of number `truth` has the log of X, which is `secret`; which one is hidden. */
export function prove(claim: Claim, truth: number, secret: bigint): Branch[] {
  const nonce = drawn();
  const madeUp = claim.ys.map(() => [drawn(), drawn()] as const);
  const said = claim.ys.flatMap((y, at) => {
    const pair = madeUp[at];
    return at === truth || !pair
      ? [shown(hidden(Point.BASE, nonce)), shown(hidden(claim.base, nonce))]
      : announced(claim, y, pair);
  });
  const others = madeUp.reduce((total, [c], at) => (at === truth ? total : total + c), 0n);
  const own = mod(challenge([...claim.words, ...said]) - others);
  const answer = mod(nonce + own * secret);
  return madeUp.map(([c, r], at) =>
    at === truth ? [written(own), written(answer)] : [written(c), written(r)],
  );
}

export function holds(claim: Claim, proof: readonly Branch[]): boolean {
  if (proof.length !== claim.ys.length) return false;
  const pairs = proof.map(([c, r]) => [scalar(c), scalar(r)] as const);
  const said = pairs.flatMap((pair, at) => announced(claim, claim.ys[at] ?? Point.ZERO, pair));
  const total = pairs.reduce((sum, [c]) => sum + c, 0n);
  return challenge([...claim.words, ...said]) === mod(total);
}

/** β - vG for the values v from `bottom` to `top`. */
export const valuesAround = (beta: GroupPoint, bottom: number, top: number): GroupPoint[] =>
  Array.from({ length: top - bottom + 1 }, (_, at) =>
    beta.subtract(times(Point.BASE, BigInt(bottom + at))),
  );

export function logHolds(words: readonly Word[], x: GroupPoint, [c, r]: Branch): boolean {
  const [asked, answer] = [scalar(c), scalar(r)];
  const said = shown(Point.BASE.mulAddUnsafe(answer, x, mod(-asked)));
  return challenge([...words, said]) === asked;
}
