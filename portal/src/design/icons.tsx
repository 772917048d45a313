/** The portal's own line icons, 24 by 24; always beside a word or inside a labelled control. */
const SHAPES = {
  map: "M9 4 3.5 6v14L9 18l6 2 5.5-2V4L15 6 9 4Zm0 0v14m6-12v14",
  chart: "M4 20V4m0 16h16M8.5 16v-5m4 5V8m4 8v-3",
  grid: "M4 4h6.5v6.5H4V4Zm9.5 0H20v6.5h-6.5V4ZM4 13.5h6.5V20H4v-6.5Zm9.5 0H20V20h-6.5v-6.5Z",
  replay: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5M12 8v4.5l3 2",
  home: "M4 11.5 12 4.5l8 7M6.5 9.8V19.5h11V9.8M10 19.5v-5h4v5",
  scooter:
    "M6.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm11 0a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9 17h6c0-3 1-5 2.5-5.5L15.5 4.5H12.5",
  wallet:
    "M4 7.5A2.5 2.5 0 0 1 6.5 5H17v3M4 7.5V17a2 2 0 0 0 2 2h14V8H6.5A2 2 0 0 1 4 7.5ZM16.2 13.5h.1",
  inbox:
    "M4 13.5 6.5 5h11l2.5 8.5M4 13.5V19h16v-5.5M4 13.5h4.5c.5 1.8 1.7 2.7 3.5 2.7s3-.9 3.5-2.7H20",
  eye: "M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  layers: "M12 4 3.5 8.5 12 13l8.5-4.5L12 4ZM3.5 12.2 12 16.7l8.5-4.5M3.5 15.9 12 20.4l8.5-4.5",
  gear: "M5 7h8m4 0h2M5 12h2m4 0h8M5 17h7m4 0h3M15 5v4M9 10v4m5 1v4",
  play: "M7.5 5v14l11-7-11-7Z",
  pause: "M7.5 5.5h2v13h-2zM14.5 5.5h2v13h-2z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-13v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
  person:
    "M12 11.5a3.7 3.7 0 1 0 0-7.5 3.7 3.7 0 0 0 0 7.5ZM4.5 20c.7-3.7 3.6-5.8 7.5-5.8s6.8 2.1 7.5 5.8",
  check: "m5 12.5 4.5 4.5L19 7.5",
  cross: "M6.5 6.5l11 11m0-11-11 11",
  minus: "M6 12h12",
  warning: "M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5m0 2.6v.1",
  search: "M10.8 17.5a6.7 6.7 0 1 0 0-13.5 6.7 6.7 0 0 0 0 13.5Zm4.9-1.8L20 20",
  place:
    "M12 20.5c4.3-4.4 6.5-7.8 6.5-10.6a6.5 6.5 0 0 0-13 0c0 2.8 2.2 6.2 6.5 10.6Zm0-8.3a2.4 2.4 0 1 0 0-4.9 2.4 2.4 0 0 0 0 4.9Z",
  battery: "M3.5 8h14.5v8H3.5V8Zm17 2.7v2.6M6 10.5v3m3-3v3",
  arrow: "M5 12h13m-5.5-6 6 6-6 6",
  rain: "M12 4c3.3 4.2 5 7.2 5 9.7a5 5 0 0 1-10 0C7 11.2 8.7 8.2 12 4Z",
  cube: "M12 3.5 4.5 7.7v8.6l7.5 4.2 7.5-4.2V7.7L12 3.5Zm0 0v0M4.5 7.7 12 12l7.5-4.3M12 12v8.5",
  walk: "M13 6.2a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2ZM8 20.5l2.3-5.5m0 0L9.5 12l1.6-4.2 2.6 1 1 2.8 2.8 1.2M10.3 15l3 1.5 1.2 4M8.8 9.2 7 12.5",
  bicycle:
    "M6 19a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm12 0a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM6 15.5 9 9h6l3 6.5M9 9l3.5 6.5L15 9m0 0-.8-3h2.6M7.5 7H10",
  bus: "M5 6.5C5 5 6 4 7.5 4h9C18 4 19 5 19 6.5V17H5V6.5ZM5 12.5h14M7 17v2.5M17 17v2.5M8 14.8h.1m7.8 0h.1",
  car: "M4 16.5V13l1.2-1 1.6-4.6c.3-.9 1-1.4 1.9-1.4h6.6c.9 0 1.6.5 1.9 1.4l1.6 4.6 1.2 1v3.5H4ZM5.2 12h13.6M6 16.5v2m12-2v2M7.3 14.3h.1m9.2 0h.1",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Zm0-12.5V12l3 2",
  route:
    "M6.5 19.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Zm11-10.6a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM8.7 17.3h6.5a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h6.2",
  leaf: "M5 19c0-8 4-13 14-14 .5 9-4 13.5-10 13.5-1.6 0-3-.5-4-1.5M5 19c2-4.5 4.5-7 8-9",
  change: "M5 8.5h12.5m-3.5-4 4 4-4 4M19 15.5H6.5m3.5-4-4 4 4 4",
  table: "M4 5h16v14H4V5Zm0 4.7h16M4 14.3h16M9.5 9.7V19",
  more: "M5.5 12h.1m6.4 0h.1m6.3 0h.1",
  ticket: "M4 7.5h16v3a1.8 1.8 0 0 0 0 3.5v3H4v-3a1.8 1.8 0 0 0 0-3.5v-3Zm10 0v9.5",
  help: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM9.6 9.6a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.3 1-1.3 2v.2m0 2.7v.1",
  cloud: "M7 18.5h10a3.8 3.8 0 0 0 .6-7.5A5.6 5.6 0 0 0 6.9 10 4.3 4.3 0 0 0 7 18.5ZM4 4l16 16",
  ledger: "M12 4v4.5M5 19.5V14l7-5.5 7 5.5v5.5M12 8.5v11M3.5 19.5h3m4 0h3m4 0h3",
  stamp:
    "M9.5 11.5c.6-2-.8-3-.8-4.7a3.3 3.3 0 0 1 6.6 0c0 1.7-1.4 2.7-.8 4.7M5 16.5v-2c0-1.7 1.3-3 3-3h8c1.7 0 3 1.3 3 3v2H5Zm0 3.5h14",
  vote: "M4 12h16v7.5H4V12Zm3 0 1.5-7.5h7L17 12M9.5 15.7h5",
  gate: "M4 20V6m16 14V6M4 9h16M9 20v-6h6v6",
  key: "M8 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm4.3-5.5H21m-3 0v4m-3.5-4v2.5",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flex: "none" }}
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}

/** The mark of the city: two rivers that become one. */
export function Mark({ size = 28 }: { size?: number }) {
  return <img src="/mark.svg" width={size} height={size} alt="" />;
}
