/** Whether a code that is shown was paid: its number is in it and in its payment's name. */
const PAID = /^urn:ngsi-ld:PaymentCode:(\w+):/;

export function isPaidBy(payload: string, transfer: string): boolean {
  const code = PAID.exec(transfer)?.[1];
  return code !== undefined && payload.includes(code);
}
