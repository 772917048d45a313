/** How Mantine's parts take on the portal's tokens. */
import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const river: MantineColorsTuple = [
  "#e6f3f5",
  "#cfe6e9",
  "#a3d2d8",
  "#78cbd4",
  "#46a3b0",
  "#238696",
  "#0b5c6c",
  "#0a5362",
  "#084552",
  "#063640",
];

/** Mantine's own dark greys, turned into the night of the map. */
const dark: MantineColorsTuple = [
  "#e5eeea",
  "#c3d1cb",
  "#a7b8b1",
  "#71867e",
  "#4a5f57",
  "#2c3f39",
  "#182622",
  "#13201d",
  "#0f1917",
  "#0a1110",
];

/** The same for light greys: a breath of green instead of blue. */
const gray: MantineColorsTuple = [
  "#f6f9f7",
  "#e9efec",
  "#dde5e1",
  "#d2dcd7",
  "#bccac3",
  "#9dada5",
  "#71827a",
  "#46574f",
  "#2c3b35",
  "#14231f",
];

const SANS = "var(--sans)";

/** On filled river water the writing changes with the scheme, as the water does. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colours = defaultVariantColorsResolver(input);
  const isRiver = input.color === undefined || input.color === "river";
  return input.variant === "filled" && isRiver ? { ...colours, color: "var(--on-river)" } : colours;
};

export const theme = createTheme({
  variantColorResolver,
  primaryColor: "river",
  primaryShade: { light: 6, dark: 3 },
  colors: { river, dark, gray },
  fontFamily: SANS,
  headings: { fontFamily: SANS, fontWeight: "700" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  // By name: naming the parts themselves would load all of them before the first page.
  components: {
    Button: { defaultProps: { size: "md" } },
    Modal: { defaultProps: { centered: true, radius: "lg" } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: "right" } },
    Skeleton: { defaultProps: { radius: "md" } },
  },
});

const shared = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-soft)",
  "--mantine-color-placeholder": "var(--ink-soft)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--sunk)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--edge)",
  "--mantine-color-anchor": "var(--river)",
  "--mantine-color-error": "var(--unmet)",
  "--mantine-primary-color-filled": "var(--river)",
  "--mantine-primary-color-filled-hover": "var(--river-deep)",
  "--mantine-primary-color-contrast": "var(--on-river)",
  "--mantine-color-river-light": "var(--river-wash)",
  "--mantine-color-river-light-hover": "var(--river-wash)",
  "--mantine-color-river-light-color": "var(--river-deep)",
  "--mantine-primary-color-light": "var(--river-wash)",
  "--mantine-primary-color-light-color": "var(--river-deep)",
};

export const tokens: CSSVariablesResolver = () => ({
  variables: { "--mantine-radius-md": "var(--round-small)", "--mantine-radius-lg": "var(--round)" },
  light: shared,
  dark: shared,
});
