// The same steps as steps.c, in JavaScript: see there what it writes into the file named by its first argument. The second
// names the folder of koffi, through which it calls the C library.

const { openSync, writeSync } = require("node:fs");
const koffi = require(process.argv[3]);

const library = koffi.load(null);
const mmap = library.func("int64_t mmap(int64_t, size_t, int, int, int, int64_t)");
const mprotect = library.func("int mprotect(int64_t, size_t, int)");
const munmap = library.func("int munmap(int64_t, size_t)");
const memset = library.func("int64_t memset(int64_t, int, size_t)");
const page = library.func("long sysconf(int)")(30);
const [none, read, write] = [0, 1, 2];
const [shared, private_, fixed, anonymous, noReserve] = [1, 2, 0x10, 0x20, 0x4000];

const facts = openSync(process.argv[2], "a", 0o600);
const say = (...words) =>
	writeSync(facts, `${words.map((word) => (typeof word === "number" ? word.toString(16) : word)).join(" ")}\n`);
const map = (address, pages, protection, flags) => Number(mmap(address, pages * page, protection, flags, -1, 0));
function writePage(start, index, value) {
	memset(start + index * page + 16, value, 64);
	say("written", start + index * page);
}
function checkpoint(number) {
	say("checkpoint", number); // stop
}

const reservation = map(0, 18, none, private_ | anonymous | noReserve);
const own = map(reservation + page, 16, read | write, private_ | anonymous | fixed);
memset(own, 1, 16 * page);
say("region", "private", own, own + 16 * page);
checkpoint(1);

const common = map(0, 8, read | write, shared | anonymous);
say("region", "shared", common, common + 8 * page);
say("new", common, common + 8 * page);
writePage(common, 0, 2);
writePage(common, 5, 2);
writePage(own, 3, 2);
checkpoint(2);

mprotect(own, 4 * page, read);
say("reprotected", own, own + 4 * page, "rw-p", "r--p");
writePage(common, 5, 3);
writePage(own, 9, 3);
checkpoint(3);

munmap(common, 8 * page);
say("gone", common, common + 8 * page);
munmap(own + 14 * page, 2 * page);
say("shrunk", own + 14 * page, own + 16 * page);
writePage(own, 4, 4);
checkpoint(4);
