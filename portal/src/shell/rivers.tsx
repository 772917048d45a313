import styles from "./sign-in.module.css";

const LEVELS = [0, 1, 2, 3, 4];

/** Two rivers that join, drawn as a map would: water, and the contours of its banks. */
export function Rivers() {
  return (
    <svg
      className={styles.rivers}
      viewBox="0 0 720 104"
      preserveAspectRatio="xMinYMid slice"
      aria-hidden="true"
    >
      <defs>
        <linearGradient id="shore" gradientUnits="userSpaceOnUse" x1="330" x2="560">
          <stop stopColor="var(--edge)" stopOpacity="0" />
          <stop offset="1" stopColor="var(--edge)" stopOpacity="0.5" />
        </linearGradient>
      </defs>
      <g fill="none" stroke="url(#shore)" strokeWidth="1.2">
        {LEVELS.map((level) => (
          <path key={level} d={bank(level * 9)} opacity={1 - level * 0.15} />
        ))}
      </g>
      <g fill="none" strokeLinecap="round">
        <path
          d="M-20 18C120 16 180 44 300 52S560 58 740 44"
          stroke="var(--river)"
          strokeWidth="9"
          opacity="0.85"
        />
        <path
          d="M-20 96C90 98 190 84 300 54"
          stroke="var(--persimmon)"
          strokeWidth="6"
          opacity="0.8"
        />
      </g>
    </svg>
  );
}

function bank(away: number): string {
  const top = 40 - away;
  return `M330 ${top}C420 ${top + 2} 560 ${top + 2} 740 ${26 - away}M330 ${66 + away}C420 ${
    68 + away
  } 560 ${72 + away} 740 ${60 + away}`;
}
