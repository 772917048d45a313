import "~/design/tokens.css";
import "~/design/mantine";
import { startTransition } from "react";
import { createRoot } from "react-dom/client";
import { forgetMine, startWorker } from "~/api/kept";
import { currentSession } from "~/api/session";
import { applyReading } from "~/design/reading";
import { App } from "./app";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
applyReading();
startTransition(() => createRoot(root).render(<App />)); // in slices: the page answers meanwhile
if (!currentSession()) forgetMine(); // whose session ran out has left, too
window.addEventListener("load", () => void startWorker().catch(console.warn));
