import type { Demo } from "../../../shared/labDemo";
import { playgroundId } from "../../../shared/labPanel";

/** The demo without steps: the reader makes them. It is no part of the programme's list, since there is nothing to run. */
export const playground: Demo = {
	id: playgroundId,
	number: 15,
	title: "Playground",
	teaches: "Any call of the family with any arguments, one after the other, and what the kernel makes of it.",
	parameters: [
		{
			kind: "file",
			name: "file",
			title: "File",
			scratch: { text: "A scratch file of the playground.\n", size: "4 * page" },
			written: true,
		},
	],
	steps: [],
};
