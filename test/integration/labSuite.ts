import { deepEqual, equal, ok } from "node:assert/strict";
import type { MapscopeApi } from "../../src/extension/api";
import { demos } from "../../src/extension/lab/demos";
import { LabPrograms } from "../support/labPrograms";
import { activate } from "./api";
import { testBadDays } from "./labBadDays";

/**
 * Every demo of the lab, run through the API in the extension host, against the C program that it exports: returns,
 * errnos, permissions, present pages, signals, files. A demo is tested as soon as it is registered.
 */
export function testLab(user: string): void {
	describe(`the lab, as ${user}`, () => {
		let api: MapscopeApi;
		let programs: LabPrograms;

		before(async () => {
			api = await activate();
			programs = await LabPrograms.compile(demos);
		});
		after(() => programs.remove());

		it("lists its demos", () => {
			deepEqual(
				api.listDemos(),
				demos.map(({ id, title, teaches }) => ({ id, title, teaches })),
			);
		});

		for (const demo of demos) {
			it(`shows in “${demo.title}” what a C program sees`, async () => {
				const report = await api.runDemo(demo.id);
				equal(report.id, demo.id);
				equal(report.steps.length, demo.steps.length);
				const lines = report.steps.flatMap((step) => step.lines);
				deepEqual(lines, await programs.lines(demo.id));
				for (const { title, checks, excused } of report.steps) {
					const unmet = checks.filter(({ met }) => !met);
					deepEqual(unmet, [], title);
					ok(checks.length > 0 || excused !== undefined, `nothing is expected of “${title}”`);
				}
			});
		}

		testBadDays(
			() => api,
			() => programs,
		);
	});
}
