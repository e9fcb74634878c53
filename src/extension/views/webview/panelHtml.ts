/** What the page of a webview needs to know to load. */
export interface PanelPage {
	/** The webview's `cspSource`. */
	readonly source: string;
	/** Fresh for each page, from a cryptographic generator. */
	readonly nonce: string;
	readonly script: string;
	readonly style: string;
	readonly title: string;
}

/**
 * The page of a panel: nothing but its script and style. Data arrives by message only, so nothing that another process
 * wrote is ever part of HTML. Inline styles are allowed because the controls set them; inline scripts are not.
 */
export function panelHtml({ source, nonce, script, style, title }: PanelPage): string {
	const policy = [
		"default-src 'none'",
		`style-src ${source} 'unsafe-inline'`,
		`font-src ${source}`,
		`img-src ${source}`,
		`script-src 'nonce-${nonce}'`,
	].join("; ");
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
