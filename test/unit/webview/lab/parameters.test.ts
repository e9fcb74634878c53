import { equal } from "node:assert/strict";
import { isWithin } from "../../../../src/shared/labParameters";
import { numberComplaint, wholeNumber } from "../../../../src/webview/lab/words/parameters";

describe("a number that the reader types", () => {
	it("is a whole one", () => {
		equal(wholeNumber(" 64 "), 64);
		equal(wholeNumber("+1"), 1);
		equal(wholeNumber("-1"), -1);
		equal(wholeNumber("\u22121"), -1); // as the lab writes it
		for (const text of ["", " ", "1.5", "1e3", "0x10", "6 4", "64 bytes", "٣"])
			equal(wholeNumber(text), undefined, text);
	});

	it("lies within the bounds that there are", () => {
		const within = (value: unknown) =>
			[{ least: 1, most: 9 }, { least: 1 }, { most: 9 }, {}].map((of) => isWithin(of, value));
		equal(within(0).join(), "false,false,true,true");
		equal(within(1).join(), "true,true,true,true");
		equal(within(9).join(), "true,true,true,true");
		equal(within(10).join(), "false,true,false,true");
		for (const value of [2 ** 53, 1.5, Number.NaN, "1", undefined, null]) equal(isWithin({}, value), false);
	});

	it("is complained of in words that say what fits", () => {
		const say = (bounds: { least?: number; most?: number }) =>
			numberComplaint({ kind: "number", name: "n", title: "Count", initial: 1, ...bounds });
		equal(say({ least: 1, most: 4096 }), "Count takes a whole number from 1 to 4,096.");
		equal(say({ least: 1 }), "Count takes a whole number from 1 on.");
		equal(say({ most: 9 }), "Count takes a whole number up to 9.");
		equal(say({}), "Count takes a whole number.");
	});
});
