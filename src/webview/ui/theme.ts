import type { Lifetime } from "./lifetime";

/** Calls `listener` whenever VS Code changes its theme: it rewrites the body's classes and the root's style. */
export function observeTheme(lifetime: Lifetime, listener: () => void): void {
	let scheduled = false;
	// One theme change is many mutations; the listener reads computed styles, so once per frame is enough.
	const observer = new MutationObserver(() => {
		if (scheduled) return;
		scheduled = true;
		requestAnimationFrame(() => {
			scheduled = false;
			listener();
		});
	});
	observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
	observer.observe(document.body, { attributes: true, attributeFilter: ["style", "class"] });
	lifetime.add(() => observer.disconnect());
}

/** Whether a high-contrast theme is on. */
export function isHighContrast(): boolean {
	const { classList } = document.body;
	return classList.contains("vscode-high-contrast") || classList.contains("vscode-high-contrast-light");
}

/** Whether the person asked VS Code or the system for less motion. */
export function prefersReducedMotion(): boolean {
	return (
		document.body.classList.contains("vscode-reduce-motion") || matchMedia("(prefers-reduced-motion: reduce)").matches
	);
}
