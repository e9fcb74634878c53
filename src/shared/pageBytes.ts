/** The bytes of one page of a process, read because a person asked for them. */
export interface PageBytes {
	/** A page's worth, or less where the kernel gives less. */
	readonly bytes: Uint8Array;
	/**
	 * What the mapped file holds at the same place, zeros past its end: only of a private mapping, and only while that page
	 * of the file is cached, since comparing must not read the disk.
	 */
	readonly file?: Uint8Array;
}
