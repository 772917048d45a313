/** The browser's formatters: dear to make and cheap to use, so each is made once. */
import type { Language } from "~/words/language";

export const LOCALES: Readonly<Record<Language, string>> = { ko: "ko-KR", en: "en-GB" };

/** The same maker, which gives what it made before for the same locale and options. */
function kept<Options, Format>(make: (locale: string, options: Options) => Format) {
  const known = new Map<string, Format>();
  return (locale: string, options: Options): Format => {
    const key = locale + JSON.stringify(options);
    const found = known.get(key) ?? make(locale, options);
    known.set(key, found);
    return found;
  };
}

export const numberFormat = kept(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);
export const dateFormat = kept(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);
export const collator = kept(
  (locale, options: Intl.CollatorOptions) => new Intl.Collator(locale, options),
);
