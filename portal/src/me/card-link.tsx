import { Link } from "react-router";
import { Icon, type IconName } from "~/design/icons";
import styles from "./me.module.css";

/** One thing in a line or two, that leads to where one does something about it. */
export function CardLink({
  to,
  icon,
  title,
  detail,
}: {
  to: string;
  icon: IconName;
  title: string;
  detail: string;
}) {
  return (
    <Link className={styles.card} to={to}>
      <Icon name={icon} size={26} />
      <strong>{title}</strong>
      <small>{detail}</small>
      <Icon name="arrow" />
    </Link>
  );
}
