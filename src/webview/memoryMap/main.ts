import type { MapPanelEvents, MapPanelService, PanelState } from "../../shared/mapPanel";
import { registerControls } from "../ui/controls";
import { connectHost } from "../ui/host";
import { Lifetime } from "../ui/lifetime";
import { App } from "./app";
import "./memoryMap.css";
import { persist } from "./persistence";
import { fromSaved } from "./viewState";

registerControls();
const host = connectHost<MapPanelService, MapPanelEvents, PanelState>();
const known = host.getState();
const app = new App(host.client, { name: known?.name ?? "", pid: known === undefined ? "" : String(known.pid) });
document.body.append(app.node);

host.client.call.ready().then(
	(settings) => {
		host.setState(settings.restore);
		app.store.setSettings(settings);
		host.client.call.stops().then(
			(stops) => app.setStops(stops ?? undefined),
			(error: unknown) => app.store.fail(error),
		);
		app.begin(fromSaved(settings.saved));
		persist(new Lifetime(), app.store, host.client.call);
	},
	(error: unknown) => app.store.fail(error),
);
