import { MapscopeError } from "../../shared/errors";
import { libc } from "./libc";

/** Of `<sys/file.h>`. */
const lockExclusive = 2;
const lockNonBlocking = 4;

/**
 * Takes the exclusive lock of an open file or directory without waiting (flock(2)). The lock belongs to the open file: it
 * is held until the descriptor is closed, or the process ends in whatever way. Pid namespaces do not matter to it.
 *
 * @param descriptor of this process; of any of its threads, since threads share descriptors.
 * @returns whether the lock is ours; false when it is held through another open file, even one of this process.
 * Throws `unsupported`: feature `koffi` without native calls, `flock` for all other errors. File systems without locks
 * answer differently (ENOLCK, EOPNOTSUPP, EBADF for a folder on NFS, which wants it open for writing, …).
 */
export function tryLock(descriptor: number): boolean {
	const c = libc();
	if (c.flock(descriptor, lockExclusive | lockNonBlocking) === 0) return true;
	const errno = c.errno();
	if (errno === "EWOULDBLOCK" || errno === "EAGAIN") return false; // one number, two names
	throw new MapscopeError({ code: "unsupported", feature: "flock", errno });
}
