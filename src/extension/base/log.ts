/** Where a layer without user interface says what happened; `views/` connects it to an output channel. */
export interface Log {
	info(message: string, ...details: unknown[]): void;
	warn(message: string, ...details: unknown[]): void;
	error(message: string, ...details: unknown[]): void;
}
