import { element } from "./element";
import { icon } from "./icons";
import { Lifetime } from "./lifetime";

export interface MenuItem {
	readonly label: string;
	/** Written at the right: a key, or what is in force. */
	readonly detail?: string;
	/** A choice that is on or off; absent for plain actions. */
	readonly checked?: boolean;
	readonly disabled?: boolean;
	run(): void;
}

export type MenuEntry = MenuItem | "separator";

/** The menu that is open: there is at most one. */
let open: Lifetime | undefined;

/** Closes the open menu, if any. */
export function closeMenu(): void {
	open?.dispose();
}

/**
 * Opens a menu below an element or at a point. It takes the focus, is worked by arrows, Home, End, Enter, Space and
 * letters, closes on Escape, Tab, a click elsewhere or a choice, and gives the focus back.
 */
export function openMenu(
	anchor: HTMLElement | { readonly x: number; readonly y: number },
	label: string,
	entries: readonly MenuEntry[],
): void {
	closeMenu();
	const lifetime = new Lifetime();
	open = lifetime;
	const former = document.activeElement;
	const menu = element("div", { class: "menu", role: "menu", "aria-label": label, tabindex: -1 });
	const buttons: HTMLElement[] = [];
	for (const entry of entries) {
		if (entry === "separator") {
			menu.append(element("div", { class: "menu-separator", role: "separator" }));
			continue;
		}
		const item = menuItem(entry);
		item.addEventListener("click", () => {
			if (entry.disabled === true) return;
			lifetime.dispose();
			entry.run();
		});
		item.addEventListener("pointermove", () => item.focus());
		buttons.push(item);
		menu.append(item);
	}
	lifetime.add(() => {
		const hadFocus = menu.contains(document.activeElement);
		menu.remove();
		if (anchor instanceof HTMLElement) anchor.removeAttribute("aria-expanded");
		if (hadFocus && former instanceof HTMLElement) former.focus();
		open = undefined;
	});
	document.body.append(menu);
	place(menu, anchor);
	if (anchor instanceof HTMLElement) anchor.setAttribute("aria-expanded", "true");
	lifetime.listen(menu, "keydown", (event) => onKey(event, menu, buttons, lifetime));
	lifetime.listen(menu, "focusout", (event) => {
		if (event.relatedTarget instanceof Node && menu.contains(event.relatedTarget)) return;
		lifetime.dispose();
	});
	lifetime.listen(window, "resize" as keyof HTMLElementEventMap, () => lifetime.dispose());
	(buttons.find((item) => item.getAttribute("aria-checked") === "true") ?? buttons[0] ?? menu).focus();
}

function menuItem(entry: MenuItem): HTMLElement {
	const radio = entry.checked !== undefined;
	const mark = element("span", { class: "menu-mark" });
	if (entry.checked === true) mark.append(icon("check"));
	return element(
		"div",
		{
			class: "menu-item",
			role: radio ? "menuitemradio" : "menuitem",
			tabindex: -1,
			"aria-checked": radio ? String(entry.checked) : undefined,
			"aria-disabled": entry.disabled === true ? "true" : undefined,
		},
		mark,
		element("span", { class: "menu-label" }, entry.label),
		element("span", { class: "menu-detail" }, entry.detail ?? ""),
	);
}

function onKey(event: KeyboardEvent, menu: HTMLElement, items: readonly HTMLElement[], lifetime: Lifetime): void {
	const at = items.indexOf(document.activeElement as HTMLElement);
	const { key } = event;
	// The keys of the map behind the menu must not act.
	event.stopPropagation();
	if (key === "Escape" || key === "Tab") lifetime.dispose();
	else if (key === "ArrowDown") items[(at + 1) % items.length]?.focus();
	else if (key === "ArrowUp") items[(at - 1 + items.length) % items.length]?.focus();
	else if (key === "Home") items[0]?.focus();
	else if (key === "End") items.at(-1)?.focus();
	else if (key === "Enter" || key === " ") items[at]?.click();
	else if (key.length === 1) {
		const starts = (item: HTMLElement) =>
			item.querySelector(".menu-label")?.textContent?.toLowerCase().startsWith(key.toLowerCase()) === true;
		[...items.slice(at + 1), ...items.slice(0, at + 1)].find(starts)?.focus();
	} else return;
	event.preventDefault();
	if (!menu.isConnected) event.stopImmediatePropagation();
}

function place(menu: HTMLElement, anchor: HTMLElement | { readonly x: number; readonly y: number }): void {
	const { offsetWidth, offsetHeight } = menu;
	const box =
		anchor instanceof HTMLElement
			? anchor.getBoundingClientRect()
			: { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y };
	const left = Math.max(4, Math.min(box.left, innerWidth - offsetWidth - 4));
	const top = box.bottom + 2 + offsetHeight <= innerHeight ? box.bottom + 2 : Math.max(4, box.top - offsetHeight - 2);
	menu.style.left = `${Math.round(left)}px`;
	menu.style.top = `${Math.round(top)}px`;
}
