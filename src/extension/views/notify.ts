import { commands, type Disposable, type LogOutputChannel, window } from "vscode";
import { toErrorData } from "../../shared/errors";
import { type ErrorSubject, errorText } from "./errorText";

/** The one way from an error to a person: words it, logs it, and offers the log where that says more. */
export class Notifier {
	readonly #log: LogOutputChannel;

	constructor(log: LogOutputChannel) {
		this.#log = log;
	}

	/** Logs `error` and shows its sentence; returns without waiting for the person. */
	showError(error: unknown, subject?: ErrorSubject): void {
		const data = toErrorData(error);
		const { sentence, offerLog } = errorText(data, subject);
		this.logError(sentence, error);
		const showLog = "Show Log";
		const shown = offerLog
			? window.showErrorMessage(sentence, showLog)
			: data.code === "processGone"
				? window.showInformationMessage(sentence)
				: window.showWarningMessage(sentence);
		shown.then(
			(choice) => choice === showLog && this.#log.show(),
			(failure: unknown) => this.#log.error(String(failure)),
		);
	}

	/** Writes `error` to the log only. */
	logError(context: string, error: unknown): void {
		this.#log.error(context, JSON.stringify(toErrorData(error)));
	}

	/** Says something that is no error. `sentence` is ours or went through `withoutLinks`. */
	showSentence(sentence: string): void {
		window.showInformationMessage(sentence).then(undefined, (failure: unknown) => this.#log.error(String(failure)));
	}

	/** Registers a command whose failure is shown, so that none throws into the void. */
	registerCommand(id: string, run: (...parameters: unknown[]) => unknown): Disposable {
		return commands.registerCommand(id, async (...parameters: unknown[]) => {
			try {
				return await run(...parameters);
			} catch (error) {
				this.showError(error);
				return undefined;
			}
		});
	}

	/** Runs `work` that nobody waits for; its failure is logged. */
	inBackground(what: string, work: Promise<unknown> | Thenable<unknown>): void {
		Promise.resolve(work).catch((error: unknown) => this.logError(what, error));
	}
}
