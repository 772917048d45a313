import { useComputedColorScheme } from "@mantine/core";

/** Light or dark, as it is shown now; known from the first drawing on. */
export function useScheme(): "light" | "dark" {
  return useComputedColorScheme("light", { getInitialValueInEffect: false });
}
