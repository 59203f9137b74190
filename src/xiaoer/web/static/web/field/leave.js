// Signing out on any page of a phone that keeps field work: it is emptied first.

import { leave } from "./phone.js";
import { unsent } from "./sync.js";

export const waiting = () => unsent();
export const empty = () => leave();
