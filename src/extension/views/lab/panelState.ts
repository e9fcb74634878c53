import type { ErrorData } from "../../../shared/errors";
import type { Demo, DemoStep, ParameterValues } from "../../../shared/labDemo";
import { type LabState, playgroundId } from "../../../shared/labPanel";
import type { LabSession } from "../../lab/session";
import { callTitle } from "./callTitle";

/** What a panel knows besides its session. */
export interface PanelLab {
	readonly session: Pick<LabSession, "state" | "result"> | undefined;
	readonly chosen: ParameterValues;
	readonly trouble: ErrorData | undefined;
	readonly formerlyDone: number;
	/** The person has stopped what ran last: that it failed is no trouble. */
	readonly stopped: boolean;
}

/**
 * The session's state with what a page shows besides: parameters before they are worked out, titles for steps that the
 * reader made, how the lab was made ready after a signal. Without a session, the demo as it will be.
 */
export function panelLabState(demo: Demo, { session, chosen, trouble, formerlyDone, stopped }: PanelLab): LabState {
	const state: LabState = session?.state ?? {
		demo,
		parameters: chosen,
		steps: demo.steps.map(() => ({ status: "toCome" })),
		done: 0,
		activity: "idle",
		processes: [],
		pageSize: 0,
		...(trouble === undefined ? {} : { trouble }),
	};
	const { trouble: failure, ...rest } = state;
	return {
		...rest,
		...(failure === undefined || stopped ? {} : { trouble: failure }),
		demo: state.demo.id === playgroundId ? { ...state.demo, steps: state.demo.steps.map(titled) } : state.demo,
		parameters: { ...initialParameters(demo, state.parameters), ...state.parameters },
		steps: state.steps.map((step, index) => {
			const replay = step.signal && session?.result(index)?.replay;
			return replay ? { ...step, replay } : step;
		}),
		...(state.done === 0 && formerlyDone > 0 ? { formerlyDone } : {}),
	};
}

/** Values that are not worked out yet: texts as they are, numbers where they are plain; a scratch file has no path yet. */
function initialParameters(demo: Demo, known: ParameterValues): ParameterValues {
	const values: Record<string, string | number> = {};
	for (const parameter of demo.parameters ?? []) {
		if (known[parameter.name] !== undefined || parameter.kind === "file") continue;
		values[parameter.name] = parameter.initial;
	}
	return values;
}

function titled(step: DemoStep): DemoStep {
	return step.title === "" ? { ...step, title: callTitle(step.code) } : step;
}
