// Lists a zip archive without unpacking it, from the central directory at its end.

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/**
 * Name, size and packed size (bytes) of each file in an archive.
 * @param {Buffer} archive
 */
export function listZip(archive) {
	let end = archive.length - 22; // the end record is at least this long, and last
	while (end >= 0 && archive.readUInt32LE(end) !== endSignature) end--;
	if (end < 0) throw new Error("not a zip archive");
	let at = archive.readUInt32LE(end + 16);
	return Array.from({ length: archive.readUInt16LE(end + 10) }, () => {
		if (archive.readUInt32LE(at) !== entrySignature) throw new Error("a broken zip archive");
		const nameLength = archive.readUInt16LE(at + 28);
		const entry = {
			name: archive.toString("utf8", at + 46, at + 46 + nameLength),
			packedSize: archive.readUInt32LE(at + 20),
			size: archive.readUInt32LE(at + 24),
		};
		at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
		return entry;
	});
}
