import type { LabPanelEvents, LabPanelService, LabPanelState } from "../../shared/labPanel";
import { registerControls } from "../ui/controls";
import { connectHost } from "../ui/host";
import { LabApp } from "./app";
import "./lab.css";

registerControls();
const host = connectHost<LabPanelService, LabPanelEvents, LabPanelState>();
const app = new LabApp(host.client);
document.body.append(app.node);

host.client.call.ready().then(
	({ state, detailWidth }) => {
		host.setState({ demo: state.demo.id });
		if (detailWidth !== undefined) app.setDetailWidth(detailWidth);
		app.store.receive(state);
	},
	() => app.fail(),
);
